//! Recognising what several sources share: whether bytes are the headers of a mail message, and
//! what to say about a file of no known kind.

/// How much of the beginning is looked at for headers.
const LOOK: usize = 16 * 1024;

/// Fields that a message of any age has, and other texts with colons do not.
const SENDER_FIELDS: [&str; 7] =
    ["from", "sender", "return-path", "received", "delivered-to", "x-from", "resent-from"];

/// Fields of which at least one more is there.
const OTHER_FIELDS: [&str; 12] = [
    "date",
    "to",
    "cc",
    "bcc",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "received",
    "x-mailer",
    "resent-date",
];

/// How far bytes look like the header block of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MailLook {
    /// Not at all.
    No,
    /// The first line is a field, but a message has other ones.
    Field,
    /// A sender and more, with lines between that are no fields.
    Broken,
    /// A sender and more, nothing else before the first empty line.
    Headers,
}

/// Judges the beginning of a file.
pub(crate) fn mail_look(head: &[u8]) -> MailLook {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.get(..LOOK).unwrap_or(head);
    let (mut sender, mut others, mut fields, mut strange) = (false, 0_usize, 0_usize, 0_usize);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) && fields > 0 {
            continue;
        }
        match field_name(line) {
            Some(name) => {
                fields += 1;
                sender |= SENDER_FIELDS.iter().any(|f| name.eq_ignore_ascii_case(f.as_bytes()));
                others += usize::from(
                    OTHER_FIELDS.iter().any(|f| name.eq_ignore_ascii_case(f.as_bytes())),
                );
            }
            None if fields == 0 => return MailLook::No,
            None => strange += 1,
        }
    }
    match (fields, sender && others > 0, strange) {
        (0, ..) => MailLook::No,
        (_, true, 0) => MailLook::Headers,
        (_, true, _) if strange <= fields => MailLook::Broken,
        _ => MailLook::Field,
    }
}

/// The name of a header field, if the line is one: visible ASCII before a colon, where a few old
/// programs put spaces before it.
pub(crate) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let line = line.get(..line.len().min(80))?;
    let ends = |byte: &u8| *byte == b':' || !byte.is_ascii_graphic();
    let (name, rest) = line.split_at_checked(line.iter().position(ends)?)?;
    let follows = |rest: &[u8]| rest.trim_ascii_start().first() == Some(&b':');
    let fits = !name.is_empty() && (rest.first() == Some(&b':') || follows(rest));
    fits.then_some(name)
}

/// Zips that are documents or programs, not archives of files.
pub(crate) fn is_zipped_document(file_name: &str) -> bool {
    const ENDINGS: [&str; 19] = [
        "xlsx", "xlsm", "xlsb", "docx", "docm", "pptx", "pptm", "odt", "ods", "odp", "odg", "epub",
        "jar", "apk", "kmz", "vsdx", "pages", "numbers", "key",
    ];
    file_name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// What to tell about a file that no source knows; where a person can do something, what.
pub(crate) fn why_unknown(file_name: &str, head: &[u8]) -> &'static str {
    let ends = |ending: &str| {
        file_name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending))
    };
    if head.starts_with(b"!BDN") {
        "an Outlook data file: export it as mbox or eml first"
    } else if head.starts_with(b"\xd0\xcf\x11\xe0") && ends("msg") {
        "an Outlook message: save it as eml first"
    } else if head.starts_with(b"7z\xbc\xaf\x27\x1c") || head.starts_with(b"Rar!") {
        "an archive of a kind that is not opened: unpack it first"
    } else {
        "no known kind"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_from_other_texts_with_colons() {
        for (text, look) in [
            ("From: a@example.org\nTo: b@example.org\n\nhi", MailLook::Headers),
            ("Received: from x\n\tby y\nDate: now\n\n", MailLook::Headers),
            ("From: a@example.org\nbroken line\nSubject: x\n\n", MailLook::Broken),
            ("HTTP/1.1 200 OK\nDate: x\nServer: y\n\n", MailLook::No),
            ("Date: x\nServer: y\n\n", MailLook::Field),
            ("fn main() {\n    let x: u8 = 1;\n}\n", MailLook::No),
            ("use std::io;\n", MailLook::No),
            ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", MailLook::Field),
            ("name,email\nx,y\n", MailLook::No),
            ("", MailLook::No),
        ] {
            assert_eq!(mail_look(text.as_bytes()), look, "{text}");
        }
    }
}
