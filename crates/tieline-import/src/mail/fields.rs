//! A header block split into the fields that matter, as slices of it.

use std::borrow::Cow;

use crate::detect;

macro_rules! fields {
    ($($field:ident = $name:literal,)+) => {
        /// Fields of which the first one counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field { $($field,)+ }

        const NAMES: &[(&[u8], Field)] = &[$(($name, Field::$field),)+];
    };
}

fields! {
    From = b"from",
    To = b"to",
    Cc = b"cc",
    Date = b"date",
    Bcc = b"bcc",
    Subject = b"subject",
    MessageId = b"message-id",
    InReplyTo = b"in-reply-to",
    References = b"references",
    Received = b"received",
    Sender = b"sender",
    ReturnPath = b"return-path",
    ContentType = b"content-type",
    ContentLength = b"content-length",
    ListId = b"list-id",
    ListPost = b"list-post",
    ListUnsubscribe = b"list-unsubscribe",
    MailingList = b"mailing-list",
    XMailingList = b"x-mailing-list",
    XBeenThere = b"x-beenthere",
    XMailmanVersion = b"x-mailman-version",
    Precedence = b"precedence",
    AutoSubmitted = b"auto-submitted",
    XAutoreply = b"x-autoreply",
    XAutorespond = b"x-autorespond",
    FeedbackId = b"feedback-id",
    XCampaign = b"x-campaign",
    XCampaignId = b"x-campaignid",
    XFrom = b"x-from",
    XTo = b"x-to",
    XCc = b"x-cc",
    ApparentlyTo = b"apparently-to",
}

/// For each length of a name, which of [`NAMES`] have it, one bit each: most fields of a message are
/// none of them, and few are compared.
const OF_LENGTH: [u64; 32] = {
    let mut of_length = [0; 32];
    let mut at = 0;
    while at < NAMES.len() {
        of_length[NAMES[at].0.len()] |= 1 << at;
        at += 1;
    }
    of_length
};

fn known(name: &[u8]) -> Option<Field> {
    let mut candidates = OF_LENGTH.get(name.len()).copied().unwrap_or(0);
    while candidates != 0 {
        let (known, field) = NAMES.get(candidates.trailing_zeros() as usize)?;
        if known.eq_ignore_ascii_case(name) {
            return Some(*field);
        }
        candidates &= candidates - 1;
    }
    None
}

/// As text; bytes that are no UTF-8 are replaced. Almost all are, and checking that first is several
/// times faster than looking for what to replace.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

const COUNT: usize = Field::ApparentlyTo as usize + 1;

/// The fields of one message. Values are raw, folded as they are, with their last line end.
pub(super) struct Fields<'b> {
    first: [Option<&'b [u8]>; COUNT],
    /// Every To, Cc and Bcc, in order: duplicated fields are read as one.
    pub(super) recipients: Vec<(Field, &'b [u8])>,
    /// Number of fields of any name.
    pub(super) count: usize,
    /// Lines that are no field and continue none.
    pub(super) strange_lines: usize,
}

impl<'b> Fields<'b> {
    fn none() -> Self {
        Self { first: [None; COUNT], recipients: Vec::new(), count: 0, strange_lines: 0 }
    }

    pub(super) fn split(block: &'b [u8]) -> Self {
        let mut fields = Self::none();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', block) {
            // Indented lines continue the field.
            if !matches!(block.get(end + 1), Some(b' ' | b'\t')) {
                fields.take(block.get(start..=end).unwrap_or_default());
                start = end + 1;
            }
        }
        let rest = block.get(start..).unwrap_or_default();
        if !rest.is_empty() {
            fields.take(rest);
        }
        fields
    }

    /// As [`Fields::split`] of the block at the beginning of `view`, whose length comes with it,
    /// where that is wholly in view, its lines end in one way, and none of them might end it before
    /// its empty line: the common case, in one pass.
    pub(super) fn split_plain(view: &'b [u8]) -> Option<(Self, usize)> {
        if matches!(view.first(), None | Some(b'\n' | b'\r' | b'\xef')) {
            return None;
        }
        let mut fields = Self::none();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', view) {
            match view.get(end + 1)? {
                b' ' | b'\t' => continue,
                b'\r' => return None,
                b'F' if view.get(end + 1..)?.starts_with(b"From ") => return None,
                _ => {}
            }
            fields.take(view.get(start..=end)?);
            start = end + 1;
            if view.get(start) == Some(&b'\n') {
                return Some((fields, start + 1));
            }
        }
        None
    }

    fn take(&mut self, field: &'b [u8]) {
        let Some(name) = detect::field_name(field) else {
            let blank = field.trim_ascii().is_empty();
            let separator = field.starts_with(b">From ") || field.starts_with(b"From ");
            self.strange_lines += usize::from(!blank && !separator);
            return;
        };
        self.count += 1;
        let Some(known) = known(name) else { return };
        let rest = field.get(name.len()..).unwrap_or_default();
        let value = memchr::memchr(b':', rest).and_then(|colon| rest.get(colon + 1..));
        let Some(value) = value.filter(|value| !value.trim_ascii().is_empty()) else { return };
        match known {
            Field::To | Field::Cc | Field::Bcc => self.recipients.push((known, value)),
            _ => {}
        }
        if let Some(slot) = self.first.get_mut(known as usize)
            && slot.is_none()
        {
            *slot = Some(value);
        }
    }

    /// The first such field that is not blank.
    pub(super) fn get(&self, field: Field) -> Option<&'b [u8]> {
        self.first.get(field as usize).copied().flatten()
    }

    /// Whether there is one that is not blank.
    pub(super) fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// As text without folds; bytes that are no UTF-8 are replaced.
    pub(super) fn text(&self, field: Field) -> Option<Cow<'b, str>> {
        self.get(field).map(|value| lossy(value.trim_ascii()))
    }
}

/// Value of a field as UTF-8. Raw 8-bit text that is none is read in the stated character set, else
/// as Windows-1252, which maps every byte; text with the escapes of ISO-2022-JP as that. The
/// second part tells whether such a repair was made.
pub(super) fn readable(
    value: &[u8],
    charset: impl FnOnce() -> Option<String>,
) -> (Cow<'_, [u8]>, bool) {
    let escaped = value.is_ascii() && memchr::memmem::find(value, b"\x1b$").is_some();
    let mut text = if escaped {
        (Cow::Owned(encoding_rs::ISO_2022_JP.decode(value).0.into_owned().into_bytes()), true)
    } else if std::str::from_utf8(value).is_ok() {
        (Cow::Borrowed(value), false)
    } else {
        let encoding = charset()
            .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
            .filter(|encoding| *encoding != encoding_rs::UTF_8)
            .unwrap_or(encoding_rs::WINDOWS_1252);
        let decoded = encoding.decode_without_bom_handling(value).0;
        (Cow::Owned(decoded.into_owned().into_bytes()), true)
    };
    // The parsers read up to the line end.
    if text.0.last() != Some(&b'\n') {
        text.0.to_mut().push(b'\n');
    }
    text
}

/// The value of `charset=` in a Content-Type.
pub(super) fn charset(content_type: &str) -> Option<&str> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let value = content_type.get(at..)?.trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ';', ' ', '\t', '\r', '\n']).next().filter(|label| !label.is_empty())
}
