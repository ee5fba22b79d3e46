//! What headers say about mailing lists, machines and bulk mail.

use std::sync::Arc;

use tieline_model::interaction::LeftOut;
use tieline_model::record::MailingList;

use super::fields::{Field, Fields};
use super::memory::Memory;

/// All that [`mailing_list`] looks at.
const SAID_OF_LISTS: [Field; 7] = [
    Field::ListPost,
    Field::XMailingList,
    Field::MailingList,
    Field::XBeenThere,
    Field::ListId,
    Field::Sender,
    Field::XMailmanVersion,
];

/// The mailing list a message came over: List-Id, else a posting address. Sources: RFC 2919
/// (List-Id), RFC 2369 (List-Post), and what majordomo, ezmlm and Mailman wrote before them.
fn mailing_list(fields: &Fields<'_>) -> Option<MailingList> {
    let post = fields
        .text(Field::ListPost)
        .and_then(|text| posting_address(&text))
        .or_else(|| fields.text(Field::XMailingList).and_then(|text| posting_address(&text)))
        .or_else(|| fields.text(Field::MailingList).and_then(|text| ezmlm_address(&text)))
        .or_else(|| fields.text(Field::XBeenThere).and_then(|text| posting_address(&text)));
    let id = fields.text(Field::ListId).and_then(|text| list_id(&text));
    if let Some(id) = id {
        return Some(MailingList { id: id.into(), post: post.map(Into::into) });
    }
    if let Some(post) = post {
        return Some(posted_to(post));
    }
    // Mailman before 2.0 tells the list by its sender alone.
    let sender = fields.text(Field::Sender).filter(|_| fields.has(Field::XMailmanVersion))?;
    let post = posting_address(&sender)?;
    let (local, domain) = post.split_once('@')?;
    let local = ["-admin", "-owner", "-bounces", "-request"]
        .iter()
        .find_map(|suffix| local.strip_suffix(suffix))?;
    Some(posted_to(format!("{local}@{domain}")))
}

/// A list known by its address alone.
fn posted_to(address: String) -> MailingList {
    let address: Arc<str> = address.into();
    MailingList { id: Arc::clone(&address), post: Some(address) }
}

/// As [`mailing_list`]; the messages of a list say the same of it, which is read once.
pub(super) fn remembered_list(fields: &Fields<'_>, memory: &mut Memory) -> Option<MailingList> {
    memory.list(SAID_OF_LISTS.map(|field| fields.get(field)), || mailing_list(fields))
}

/// Whether `value` begins so, whatever the case.
fn begins(value: &[u8], start: &[u8]) -> bool {
    value.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// Whether the address of a mail system is in the field.
fn is_of_a_daemon(from: &[u8]) -> bool {
    const LOCAL: &[u8] = b"mailer-daemon";
    memchr::memchr_iter(b'@', from).any(|at| {
        let before = at.checked_sub(LOCAL.len()).and_then(|start| from.get(start..at));
        before.is_some_and(|own| own.eq_ignore_ascii_case(LOCAL))
    })
}

/// Text in angle brackets, else all of it, lower case, without white space.
fn list_id(text: &str) -> Option<String> {
    let inner = match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => text.get(open + 1..close)?,
        _ => text,
    };
    let id: String = inner.to_lowercase().split_whitespace().collect();
    let named = id.chars().any(char::is_alphanumeric) && id.len() <= 255;
    named.then_some(id)
}

/// The address of `<mailto:list@example.org?subject=x>`, `list@example.org`, or
/// `<list@example.org> archive/latest/1`; `NO` (a list that takes no posts) has none.
fn posting_address(text: &str) -> Option<String> {
    let word = text
        .split(['<', '>', ',', ' ', '\t', '\r', '\n', ';', '"'])
        .find(|word| word.contains('@'))?;
    let word = match word.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => word.get(7..)?,
        _ => word,
    };
    let address = word.split('?').next().unwrap_or(word).to_lowercase();
    (address.len() <= 320).then_some(address)
}

/// `list list@example.org; contact list-owner@example.org`; "contact" alone is no list.
fn ezmlm_address(text: &str) -> Option<String> {
    let first = text.split(';').next()?;
    first.trim_start().to_ascii_lowercase().starts_with("list ").then(|| posting_address(first))?
}

/// Why a message is left out by its own headers. A list's own `Precedence: bulk` and
/// `List-Unsubscribe` leave nothing out: whether the list is a newsletter shows in its traffic.
/// `X-Auto-Response-Suppress` alone means nothing: Outlook writes it into ordinary mail.
pub(super) fn left_out(fields: &Fields<'_>, on_list: bool) -> LeftOut {
    let value = |field| fields.get(field).unwrap_or_default().trim_ascii();
    let text = |field| fields.text(field).map(|text| text.trim().to_ascii_lowercase());
    let path = value(Field::ReturnPath);
    let empty_path = !path.is_empty() && path.iter().all(|byte| b"<> ".contains(byte));
    let report = begins(value(Field::ContentType), b"multipart/report");
    if empty_path || begins(path, b"<mailer-daemon") || report || is_of_a_daemon(value(Field::From))
    {
        return LeftOut::DeliveryReport;
    }
    let precedence = text(Field::Precedence).unwrap_or_default();
    let submitted = text(Field::AutoSubmitted)
        .is_some_and(|value| value.split([';', ' ', '(']).next() != Some("no"));
    let replied = precedence.starts_with("auto")
        || fields.has(Field::XAutorespond)
        || text(Field::XAutoreply).is_some_and(|value| value != "no");
    if submitted || replied {
        return LeftOut::AutoSubmitted;
    }
    let bulk = matches!(precedence.as_str(), "bulk" | "junk");
    let service = fields.has(Field::ListUnsubscribe)
        || fields.has(Field::FeedbackId)
        || fields.has(Field::XCampaign)
        || fields.has(Field::XCampaignId);
    if !on_list && (bulk || service) || precedence == "junk" {
        return LeftOut::Bulk;
    }
    LeftOut::Kept
}
