//! Who holds a copy of which message, and the archives they hand in.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::cast::{ADVICE, BEACON, COLLEGE, COUNCIL, Cast, HEARTH, ORGS, TRUST};
use super::containers;
use super::letters::{self, Copy};
use super::mail::{Kind, Mail};

/// Files of the demo world by their path below `demo/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What is in the mail archives, counted while they are written.
#[derive(Default)]
pub(crate) struct MailCounts {
    /// Per archive: messages in it (with those that cannot be kept), lost, repaired.
    pub(crate) archives: BTreeMap<String, Value>,
    /// How many archives hold each message.
    pub(crate) copies: Vec<usize>,
}

impl MailCounts {
    fn add(&mut self, path: &str, held: &[usize], lost: usize, repaired: usize) {
        let messages = held.len() + lost + repaired;
        let counts = json!({"messages": messages, "lost": lost, "repaired": repaired});
        self.archives.insert(path.to_owned(), counts);
        for index in held {
            self.copies[*index] += 1;
        }
    }
}

/// Messages written by hand into the council's archive: they have no copy elsewhere. The first is
/// kept with its header decoded anew, the second is dated in the future and kept, the third is
/// older than mail and dated by its trace, the last two cannot be placed in time.
const ODD: [&[u8]; 5] = [
    b"From owen.reed@northmoor-council.example Tue Mar 10 10:11:12 2026\n\
      From: Jos\xe9 Vall\xe9e <jose.vallee@valleeheating.example>\n\
      To: Owen Reed <owen.reed@northmoor-council.example>\n\
      Subject: Heizk\xf6rper\nDate: Tue, 10 Mar 2026 10:11:12 +0000\n\
      Message-ID: <odd1.20260310@valleeheating.example>\n\nThe parts are in.\n\n",
    b"From leila.farah@northmoor-council.example Tue Mar 10 11:11:12 2026\n\
      From: Leila Farah <leila.farah@northmoor-council.example>\n\
      To: Owen Reed <owen.reed@northmoor-council.example>\n\
      Subject: Clock\nDate: Fri, 10 Mar 2062 11:11:12 +0000\n\
      Message-ID: <odd2.20260310@northmoor-council.example>\n\nMy clock was wrong.\n\n",
    b"From leila.farah@northmoor-council.example Tue Mar 10 12:11:12 2026\n\
      Received: from out.northmoor-council.example by mx1.northmoor-council.example\n\
      \twith ESMTP id ODD3; Tue, 10 Mar 2026 12:11:14 +0000\n\
      From: Leila Farah <leila.farah@northmoor-council.example>\n\
      To: Owen Reed <owen.reed@northmoor-council.example>\n\
      Subject: Clock again\nDate: Thu, 1 Jan 1903 00:00:00 +0000\n\
      Message-ID: <odd3.20260310@northmoor-council.example>\n\nStill wrong.\n\n",
    b"From - Thu Jan  1 00:00:00 1970\n\
      From: Leila Farah <leila.farah@northmoor-council.example>\n\
      To: Owen Reed <owen.reed@northmoor-council.example>\n\
      Subject: No date\nMessage-ID: <odd4@northmoor-council.example>\n\nUndated.\n\n",
    b"From - Thu Jan  1 00:00:00 1970\n\
      Return-Path: <owen.reed@northmoor-council.example>\nX-Mozilla-Status: 00",
];

/// The director of Warm Hearth, whose mailbox that charity hands in.
fn director(cast: &Cast) -> usize {
    cast.unit("Home Visits")[0]
}

/// Writes all mail archives.
pub(crate) fn write(cast: &Cast, mail: &Mail, files: &mut Files) -> Result<MailCounts> {
    let mut counts = MailCounts { copies: vec![0; mail.messages.len()], ..MailCounts::default() };
    council(cast, mail, files, &mut counts);
    trust(cast, mail, files, &mut counts)?;
    beacon(cast, mail, files, &mut counts)?;
    hearth(cast, mail, files, &mut counts)?;
    advice(cast, mail, files, &mut counts);
    priya(cast, mail, files, &mut counts)?;
    list_archives(cast, mail, files, &mut counts)?;
    Ok(counts)
}

/// The college's mailbox of a Google Takeout, and the messages in it; the zip is made elsewhere,
/// with its calendar and contacts.
pub(crate) fn college(cast: &Cast, mail: &Mail, counts: &mut MailCounts) -> Vec<u8> {
    let held = held_by(cast, mail, COLLEGE);
    let mut mbox = Vec::new();
    for index in &held {
        let message = &mail.messages[*index];
        let letter = letters::letter(cast, mail, *index, Copy::Of(COLLEGE));
        let sent = cast.mailboxes[message.from].domain() == ORGS[COLLEGE].domain;
        let labels = if sent { "Sent" } else { "Inbox,Opened" };
        let letter =
            format!("X-GM-THRID: {}\nX-Gmail-Labels: {labels}\n{letter}", 1_800_000 + index);
        let sender = format!("{}@xxx", 1_800_000 + index);
        containers::push_mboxrd(&mut mbox, &sender, message.at, letter.as_bytes());
    }
    counts.add("archives/college-takeout.zip", &held, 0, 0);
    mbox
}

/// The slice for tests: what the given people wrote to each other from a day on.
pub(crate) fn slice(cast: &Cast, mail: &Mail, people: &[usize], from_day: i64) -> (usize, Vec<u8>) {
    let boxes: Vec<usize> =
        people.iter().flat_map(|person| cast.people[*person].mailboxes.clone()).collect();
    let inside = |i: &usize| {
        let message = &mail.messages[*i];
        let mut everyone = message.to.iter().chain(&message.cc).chain([&message.from]);
        message.local.day >= from_day && everyone.all(|mailbox| boxes.contains(mailbox))
    };
    let held: Vec<usize> = (0..mail.messages.len()).filter(inside).collect();
    (held.len(), mboxrd(cast, mail, &held, Copy::Of(COUNCIL)))
}

/// Whether an organisation's people sent or got the message (lists: through their subscribers).
fn held_by(cast: &Cast, mail: &Mail, org: usize) -> Vec<usize> {
    let domain = ORGS[org].domain;
    let subscribed = mail.subscribers.iter().any(|person| cast.people[*person].org == org);
    let reads_news = [COUNCIL, TRUST, BEACON].contains(&org);
    let holds = |index: &usize| {
        let message = &mail.messages[*index];
        let mut all = message.to.iter().chain(&message.cc).chain([&message.from]);
        let people = all.any(|mailbox| cast.mailboxes[*mailbox].domain() == domain);
        match message.kind {
            Kind::List => subscribed,
            Kind::Newsletter => reads_news,
            _ => people,
        }
    };
    (0..mail.messages.len()).filter(holds).collect()
}

fn mboxrd(cast: &Cast, mail: &Mail, held: &[usize], copy: Copy) -> Vec<u8> {
    let mut mbox = Vec::new();
    for index in held {
        let message = &mail.messages[*index];
        let letter = letters::letter(cast, mail, *index, copy);
        let sender = &cast.mailboxes[message.from].email;
        containers::push_mboxrd(&mut mbox, sender, message.at, letter.as_bytes());
    }
    mbox
}

fn council(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) {
    let held = held_by(cast, mail, COUNCIL);
    let middle = held.len() / 2;
    let mut mbox = mboxrd(cast, mail, &held[..middle], Copy::Of(COUNCIL));
    for odd in &ODD[..4] {
        mbox.extend_from_slice(odd);
    }
    mbox.extend(mboxrd(cast, mail, &held[middle..], Copy::Of(COUNCIL)));
    mbox.extend_from_slice(ODD[4]);
    let path = "archives/council-journal.mbox.gz";
    counts.add(path, &held, 2, 3);
    files.insert(path.to_owned(), containers::gzip(&mbox));
}

fn trust(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) -> Result<()> {
    let held = held_by(cast, mail, TRUST);
    let mut members = Vec::new();
    for index in &held {
        let message = &mail.messages[*index];
        let sent = cast.mailboxes[message.from].domain() == ORGS[TRUST].domain;
        let folder = if sent { ".Sent/" } else { "" };
        let second = message.at.as_second();
        let place = if index % 29 == 0 { "new" } else { "cur" };
        let flags = if place == "cur" { ":2,S" } else { "" };
        let name = format!("trust-maildir/{folder}{place}/{second}.M{index}P1.mx1{flags}");
        let letter = letters::letter(cast, mail, *index, Copy::Of(TRUST));
        members.push((name, letter.into_bytes(), message.at));
    }
    let path = "archives/trust-maildir.tar.xz";
    counts.add(path, &held, 0, 0);
    files.insert(path.to_owned(), containers::xz(&containers::tar(&members)?)?);
    Ok(())
}

fn beacon(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) -> Result<()> {
    let held = held_by(cast, mail, BEACON);
    let path = "archives/beacon-homes.mbox.xz";
    counts.add(path, &held, 0, 0);
    let mbox = mboxrd(cast, mail, &held, Copy::Of(BEACON));
    files.insert(path.to_owned(), containers::xz(&mbox)?);
    Ok(())
}

/// One mailbox exported as single files.
fn hearth(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) -> Result<()> {
    let mailbox = cast.people[director(cast)].mailboxes[0];
    let held = touching(mail, mailbox);
    let mut members = Vec::new();
    for (n, index) in held.iter().enumerate() {
        let folder = if mail.messages[*index].from == mailbox { "Sent Items" } else { "Inbox" };
        let letter = letters::letter(cast, mail, *index, Copy::Of(HEARTH)).replace('\n', "\r\n");
        members.push((format!("Export/{folder}/message {:04}.eml", n + 1), letter.into_bytes()));
    }
    let path = "archives/warm-hearth-export.zip";
    counts.add(path, &held, 0, 0);
    let listed: Vec<(&str, Vec<u8>)> =
        members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    files.insert(path.to_owned(), containers::zip(&listed)?);
    Ok(())
}

fn advice(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) {
    let held = held_by(cast, mail, ADVICE);
    let mut mbox = Vec::new();
    for index in &held {
        let message = &mail.messages[*index];
        let letter = letters::letter(cast, mail, *index, Copy::Of(ADVICE));
        let sender = &cast.mailboxes[message.from].email;
        containers::push_mboxcl2(&mut mbox, sender, message.at, &letter);
    }
    let path = "archives/northmoor-advice.mbox.gz";
    counts.add(path, &held, 0, 0);
    files.insert(path.to_owned(), containers::gzip(&mbox));
}

/// One person's own export: every message in it is in the council's journal too.
fn priya(cast: &Cast, mail: &Mail, files: &mut Files, counts: &mut MailCounts) -> Result<()> {
    let mailbox = cast.people[cast.who("Priya", "Nair")].mailboxes[0];
    let held = touching(mail, mailbox);
    let mut mboxes = [Vec::new(), Vec::new()];
    for index in &held {
        let message = &mail.messages[*index];
        let sent = message.from == mailbox;
        let copy = if sent { Copy::Sent } else { Copy::Of(COUNCIL) };
        let letter = letters::letter(cast, mail, *index, copy);
        let mbox = &mut mboxes[usize::from(sent)];
        // Thunderbird writes this separator.
        containers::push_mboxrd(mbox, "-", message.at, letter.as_bytes());
    }
    let newest = mail.messages.last().map_or(jiff::Timestamp::UNIX_EPOCH, |message| message.at);
    let [inbox, sent] = mboxes;
    let members = [
        ("Thunderbird/Inbox".to_owned(), inbox, newest),
        ("Thunderbird/Sent".to_owned(), sent, newest),
    ];
    let path = "archives/priya-nair.tar.xz";
    counts.add(path, &held, 0, 0);
    files.insert(path.to_owned(), containers::xz(&containers::tar(&members)?)?);
    Ok(())
}

/// The lists' own archives.
fn list_archives(
    cast: &Cast,
    mail: &Mail,
    files: &mut Files,
    counts: &mut MailCounts,
) -> Result<()> {
    for (kind, path) in [
        (Kind::List, "archives/warm-homes-list.mbox.xz"),
        (Kind::Newsletter, "archives/warm-homes-news.mbox"),
    ] {
        let held: Vec<usize> =
            (0..mail.messages.len()).filter(|i| mail.messages[*i].kind == kind).collect();
        counts.add(path, &held, 0, 0);
        let mbox = mboxrd(cast, mail, &held, Copy::ListArchive);
        let bytes = if path.ends_with(".xz") { containers::xz(&mbox)? } else { mbox };
        files.insert(path.to_owned(), bytes);
    }
    Ok(())
}

fn touching(mail: &Mail, mailbox: usize) -> Vec<usize> {
    let touches = |i: &usize| {
        let message = &mail.messages[*i];
        message.from == mailbox || message.to.contains(&mailbox) || message.cc.contains(&mailbox)
    };
    (0..mail.messages.len()).filter(touches).collect()
}
