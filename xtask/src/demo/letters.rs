//! A message as the text of one copy: real-looking headers, folded lines, encoded names, one line
//! of body. Two copies of a message differ in their trace headers and share the Message-ID.

use std::fmt::Write as _;

use super::cast::{COLLEGE, COUNCIL, Cast, ORGS, TRUST};
use super::clock;
use super::mail::{Kind, LIST_ID, Mail, Message, NEWSLETTER_ID};
use super::names;

/// Whose copy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    /// As the journal or mailbox of an organisation holds it.
    Of(usize),
    /// As the list's own archive holds it.
    ListArchive,
    /// As the sender's Sent folder holds it: never travelled.
    Sent,
}

/// The whole message with `\n` line ends, without a separator line.
pub(crate) fn letter(cast: &Cast, mail: &Mail, index: usize, copy: Copy) -> String {
    let message = &mail.messages[index];
    let mut text = String::new();
    trace(&mut text, cast, message, index, copy);
    let from = &cast.mailboxes[message.from];
    header(&mut text, "From", &[named(&from.name, &from.email)]);
    header(&mut text, "To", &boxes(cast, message, &message.to, index));
    if !message.cc.is_empty() {
        header(&mut text, "Cc", &boxes(cast, message, &message.cc, index + 1));
    }
    let subject = names::SUBJECTS[message.subject];
    let prefix = match (message.kind, message.parent) {
        (Kind::AutoReply, _) => "Automatic reply: ",
        (Kind::Bounce, _) => "Undeliverable: ",
        (_, Some(_)) => "Re: ",
        _ => "",
    };
    let _ = writeln!(text, "Subject: {prefix}{subject}");
    let _ = writeln!(text, "Date: {}", clock::mail_date(message.at, message.offset));
    if !message.no_id {
        let _ = writeln!(text, "Message-ID: {}", id(cast, mail, index));
    }
    answers(&mut text, cast, mail, message);
    special(&mut text, cast, mail, message);
    if message.kind != Kind::Bounce {
        text.push_str("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n");
    }
    text.push('\n');
    text.push_str(names::LINES[(index * 7 + message.subject) % names::LINES.len()]);
    text.push('\n');
    text
}

/// The Message-ID, in the manner of the sender's mail system.
fn id(cast: &Cast, mail: &Mail, index: usize) -> String {
    let message = &mail.messages[index];
    let domain = cast.mailboxes[message.from].domain();
    let second = message.at.as_second();
    if domain == ORGS[COUNCIL].domain {
        format!("<{:06X}.{}.MB{:02}@{domain}>", index, second, index % 7)
    } else if domain == ORGS[COLLEGE].domain {
        format!("<CA+{index:05x}{second}@mail.{domain}>")
    } else {
        format!("<{}.{index:x}@{domain}>", message.local.civil().strftime("%Y%m%d%H%M%S"))
    }
}

/// Return-Path and Received.
fn trace(text: &mut String, cast: &Cast, message: &Message, index: usize, copy: Copy) {
    let from = &cast.mailboxes[message.from];
    let sender = from.domain();
    let host = match copy {
        Copy::Sent => return,
        Copy::Of(org) => format!("mx1.{}", ORGS[org].domain),
        Copy::ListArchive => "lists.northmoor-forum.example".to_owned(),
    };
    let back = if message.kind == Kind::Bounce { "" } else { &from.email };
    let _ = writeln!(text, "Return-Path: <{back}>");
    let later = message.at.as_second() + 2 + (index % 40) as i64;
    let at = jiff::Timestamp::from_second(later).unwrap_or(message.at);
    let date = clock::mail_date(at, message.offset);
    let inside = host.ends_with(sender);
    let by = if inside { "with mapi id" } else { "with ESMTPS id" };
    let _ = writeln!(
        text,
        "Received: from out.{sender} (out.{sender} [192.0.2.{}])\n\tby {host} {by} {index:06X};\n\t{date}",
        20 + sender.len(),
    );
}

/// A header with a list of mailboxes, folded as mail systems do.
fn header(text: &mut String, name: &str, parts: &[String]) {
    text.push_str(name);
    text.push_str(": ");
    let mut width = name.len() + 2;
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            text.push(',');
            if width + part.len() > 76 {
                text.push_str("\n\t");
                width = 8;
            } else {
                text.push(' ');
                width += 2;
            }
        }
        text.push_str(part);
        width += part.len();
    }
    text.push('\n');
}

fn boxes(cast: &Cast, message: &Message, boxes: &[usize], salt: usize) -> Vec<String> {
    let shown = |i: usize, mailbox: usize| {
        let mailbox = &cast.mailboxes[mailbox];
        // Some address books hold no name, some write the address in another case.
        match (message.kind, (salt * 13 + i * 5) % 17) {
            (Kind::Broadcast, _) | (_, 0) => mailbox.email.clone(),
            (_, 1) => named(&mailbox.name, &capitals(&mailbox.email)),
            _ => named(&mailbox.name, &mailbox.email),
        }
    };
    boxes.iter().enumerate().map(|(i, mailbox)| shown(i, *mailbox)).collect()
}

/// `priya.nair@x` as `Priya.Nair@x`.
fn capitals(email: &str) -> String {
    let mut start = true;
    let mut inside_local = true;
    let upper = |c: char| {
        inside_local &= c != '@';
        let out = if start && inside_local { c.to_ascii_uppercase() } else { c };
        start = c == '.';
        out
    };
    email.chars().map(upper).collect()
}

/// `Name <address>`, quoted or encoded where the name needs it.
fn named(name: &str, email: &str) -> String {
    if !name.is_ascii() {
        return format!("{} <{email}>", encoded(name));
    }
    if name.contains([',', '.', '\'']) {
        return format!("\"{name}\" <{email}>");
    }
    format!("{name} <{email}>")
}

/// RFC 2047, quoted-printable; Latin-1 where it is enough, as older systems write.
fn encoded(name: &str) -> String {
    let latin: Option<Vec<u8>> = name.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let (charset, bytes) = match latin {
        Some(bytes) if name.len().is_multiple_of(2) => ("iso-8859-1", bytes),
        _ => ("utf-8", name.as_bytes().to_vec()),
    };
    let mut out = format!("=?{charset}?Q?");
    for byte in bytes {
        match byte {
            b' ' => out.push('_'),
            b'a'..=b'z' | b'A'..=b'Z' | b'-' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "={byte:02X}");
            }
        }
    }
    out.push_str("?=");
    out
}

/// In-Reply-To and References, folded.
fn answers(text: &mut String, cast: &Cast, mail: &Mail, message: &Message) {
    let mut chain = Vec::new();
    let mut above = message.parent;
    while let Some(index) = above {
        if !mail.messages[index].no_id {
            chain.push(id(cast, mail, index));
        }
        above = mail.messages[index].parent;
    }
    if let Some(parent) = chain.first() {
        let _ = writeln!(text, "In-Reply-To: {parent}");
        chain.reverse();
        let _ = writeln!(text, "References: {}", chain.join("\n "));
    }
}

/// Headers that only some kinds of mail carry.
fn special(text: &mut String, cast: &Cast, mail: &Mail, message: &Message) {
    let list = |text: &mut String, id: &str, name: &str, post: usize| {
        let post = &cast.mailboxes[post].email;
        let _ = writeln!(
            text,
            "List-Id: {name} <{id}>\nList-Post: <mailto:{post}>\n\
             List-Unsubscribe: <https://lists.northmoor-forum.example/options/{id}>\n\
             Precedence: list",
        );
    };
    match message.kind {
        Kind::List => list(text, LIST_ID, "Warm Homes", mail.list),
        Kind::Newsletter => list(text, NEWSLETTER_ID, "Warm Homes News", mail.newsletter),
        Kind::AutoReply => {
            text.push_str("Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n");
        }
        Kind::Bulk => {
            text.push_str("List-Unsubscribe: <https://trade-bulletin.example/leave>\n");
        }
        Kind::Bounce => text.push_str(
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\
             \tboundary=\"=_report\"\n",
        ),
        Kind::Personal | Kind::Automated | Kind::FromRole | Kind::Broadcast => {}
    }
    if message.kind == Kind::Personal && cast.mailboxes[message.from].domain() == ORGS[TRUST].domain
    {
        // Exchange writes this on ordinary mail too: it must not count as an automatic answer.
        text.push_str("X-Auto-Response-Suppress: DR, OOF, AutoReply\n");
    }
}
