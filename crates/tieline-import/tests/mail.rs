//! Mail at the boundary: sample files in, messages and issues out.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::{Kept, corpus, read_with, walk};
use tieline_import::mail::eml::Eml;
use tieline_import::mail::headers::{self, Envelope};
use tieline_import::mail::mbox::Mbox;
use tieline_model::id::EventId;
use tieline_model::interaction::{LeftOut, Role};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::{Mailbox, MailingList, Message};

fn read(name: &str) -> Kept {
    walk(&[&corpus(name)])
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    let some = |text: &str| (!text.is_empty()).then(|| text.into());
    Mailbox { name: some(name), address: some(address) }
}

fn id(text: &str) -> EventId {
    EventId::of_message_id(text)
}

fn only(name: &str) -> Message {
    let kept = read(name);
    assert_eq!((kept.records.len(), kept.issues.len()), (1, 0), "{name}: {kept:?}");
    kept.messages()[0].clone()
}

fn parse(block: &str) -> headers::Parsed {
    headers::parse(block.as_bytes(), &Envelope::default())
}

fn message(block: &str) -> Message {
    let dated = format!("Date: Mon, 29 Apr 2019 15:30:55 +0000\n{block}\n");
    *parse(&dated).message.unwrap()
}

#[test]
fn an_mbox_gives_senders_recipients_and_threads() {
    for name in ["rfc/thread.mbox", "legacy/crlf.mbox"] {
        let kept = read(name);
        assert_eq!(kept.issues, [], "{name}");
        let messages = kept.messages();
        let [first, second] = messages[..] else { panic!("{name}: two messages") };
        assert_eq!(first.from, mailbox("Amara Okafor", "amara@council.example.org"));
        assert_eq!(first.at.to_string(), "2019-04-29T15:30:55Z");
        assert_eq!(
            first.recipients,
            [
                (mailbox("Lindqvist, Bo", "bo@trust.example.org"), Role::To),
                (mailbox("", "team@council.example.org"), Role::To),
                (mailbox("Zo\u{eb} Marsh", "zoe@college.example.org"), Role::Cc),
            ]
        );
        assert_eq!((first.event, first.parent), (id("<one@council.example.org>"), None));
        assert_eq!(first.thread, first.event);
        assert_eq!(second.parent, Some(first.event));
        assert_eq!(second.thread, id("zero@council.example.org"));
        assert_eq!(kept.records[0].0, Position::Byte(0));
        let text = std::fs::read(corpus(name)).unwrap();
        let Position::Byte(at) = kept.records[1].0 else { panic!("a byte position") };
        assert!(text[at as usize..].starts_with(b"From bo@trust"), "{name}");
    }
}

#[test]
fn a_discussion_list_is_a_list_and_is_kept() {
    let message = only("rfc/list.eml");
    assert_eq!(
        message.list,
        Some(MailingList {
            id: "housing.lists.example.org".into(),
            post: Some("housing@lists.example.org".into()),
        })
    );
    assert_eq!(message.left_out, LeftOut::Kept);
    assert_eq!(message.from.address.as_deref(), Some("ines@charity.example.net"));
}

#[test]
fn lists_are_known_by_older_headers_too() {
    for (headers, list, post) in [
        ("X-Mailing-List: talk@example.org", "talk@example.org", Some("talk@example.org")),
        (
            "X-Mailing-List: <talk@example.org> archive/latest/9",
            "talk@example.org",
            Some("talk@example.org"),
        ),
        (
            "Mailing-List: contact talk-help@example.org; run by ezmlm\nList-Post: <mailto:t@e.org>",
            "t@e.org",
            Some("t@e.org"),
        ),
        ("Mailing-List: list t@e.org; contact o@e.org", "t@e.org", Some("t@e.org")),
        ("X-BeenThere: t@e.org", "t@e.org", Some("t@e.org")),
        ("X-Mailman-Version: 1.0\nSender: talk-admin@e.org", "talk@e.org", Some("talk@e.org")),
        ("List-ID: \"T (x)\" <T.E.org>\nList-Post: NO", "t.e.org", None),
    ] {
        let found = message(&format!("From: a@example.org\n{headers}")).list.unwrap();
        assert_eq!((&*found.id, found.post.as_deref()), (list, post), "{headers}");
    }
    assert_eq!(message("From: a@example.org\nSender: talk-admin@e.org").list, None);
}

#[test]
fn machines_and_bulk_mail_are_left_out_by_their_headers() {
    assert_eq!(only("rfc/autoreply.eml").left_out, LeftOut::AutoSubmitted);
    assert_eq!(only("rfc/report.eml").left_out, LeftOut::DeliveryReport);
    assert_eq!(only("rfc/newsletter.eml").left_out, LeftOut::Bulk);
    for (headers, expected) in [
        ("Auto-Submitted: no", LeftOut::Kept),
        ("Auto-Submitted: auto-generated; type=x", LeftOut::AutoSubmitted),
        ("X-Auto-Response-Suppress: All", LeftOut::Kept),
        ("X-Autoreply: yes", LeftOut::AutoSubmitted),
        ("X-Autorespond: x", LeftOut::AutoSubmitted),
        ("Precedence: auto_reply", LeftOut::AutoSubmitted),
        ("Precedence: bulk", LeftOut::Bulk),
        ("Precedence: list", LeftOut::Kept),
        ("Precedence: bulk\nList-Id: <t.e.org>", LeftOut::Kept),
        ("Feedback-ID: x", LeftOut::Bulk),
        ("Return-Path: <a@example.org>", LeftOut::Kept),
        ("Content-Type: multipart/mixed", LeftOut::Kept),
    ] {
        let found = message(&format!("From: a@example.org\n{headers}")).left_out;
        assert_eq!(found, expected, "{headers}");
    }
}

#[test]
fn addresses_of_the_nineties_are_read() {
    let kept = read("legacy/old-addresses.mbox");
    let messages = kept.messages();
    let [first, second, third] = messages[..] else { panic!("{kept:?}") };
    assert_eq!(first.from, mailbox("Tim Poe", "tim@kumr.example.com"));
    assert_eq!(first.at.to_string(), "1993-02-14T01:17:34Z");
    assert_eq!(first.parent, Some(id("39954.dr@ncselxsi")));
    assert_eq!(second.from, mailbox("Eve", "alpha!beta!eve"));
    assert_eq!(second.parent, None);
    assert_eq!(
        second.recipients,
        [(mailbox("", "talk%toad.example.com@relay.example.com"), Role::To)]
    );
    assert_eq!(third.recipients, [(mailbox("", "talk@toad.example.com"), Role::To)]);
    assert_eq!(third.parent, Some(id("9302.AA@kumr.example.com")));
    let reasons: Vec<&str> = kept.issues.iter().map(|issue| issue.2.as_str()).collect();
    assert_eq!(reasons, ["the date states no known time zone; taken as UTC"]);
}

#[test]
fn exchange_headers_name_people_beside_their_addresses() {
    let message = only("legacy/exchange.eml");
    assert_eq!(
        message.also_named,
        [
            mailbox("Ann Roe", "ann.roe@energy.example.com"),
            mailbox("Ek, Bo", "bo.ek@energy.example.com"),
            mailbox("Cy Lund", "cy.lund@energy.example.com"),
            mailbox("Di Moss", "di.moss@energy.example.com"),
        ]
    );
    // Bcc repeats Cc there: each recipient counts once.
    assert_eq!(message.recipients.len(), 3);
    assert_eq!(only("legacy/apple.emlx").event, id("seven@charity.example.net"));
}

#[test]
fn stated_lengths_count_only_where_they_land() {
    let kept = read("legacy/cl2.mbox");
    let events: Vec<EventId> = kept.messages().iter().map(|message| message.event).collect();
    assert_eq!(events, ["c1@example.org", "c2@example.org", "c3@example.org"].map(id));
    assert_eq!(kept.issues, []);
}

#[test]
fn raw_eight_bit_names_are_decoded() {
    let kept = read("malformed/eight-bit.mbox");
    let names: Vec<_> = kept.messages().iter().map(|m| m.from.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["J\u{f6}rg M\u{fc}ller", "\u{419}\u{432}\u{430}\u{43d}", "Zo\u{eb}"]);
    let repaired = kept.issues.iter().filter(|issue| issue.1 == Severity::Repaired).count();
    assert_eq!((repaired, kept.issues.len()), (2, 2));
}

#[test]
fn wrong_dates_give_way_to_received_and_then_to_the_separator() {
    let kept = read("malformed/dates.mbox");
    let dates: Vec<String> = kept.messages().iter().map(|m| m.at.to_string()).collect();
    assert_eq!(
        dates,
        [
            "2019-04-29T12:00:00Z",
            "2019-04-29T15:30:55Z",
            "2019-04-29T12:00:00Z",
            "2035-01-01T00:00:00Z",
            "2019-04-29T15:30:55Z",
            "1993-02-13T17:17:34Z",
        ]
    );
    assert_eq!(kept.lost(), 1, "the third has no date but that of a placeholder");
    assert_eq!(kept.issues.len(), 6, "each but the one in the future says so: {:?}", kept.issues);
}

#[test]
fn broken_headers_are_kept_where_anything_can_be_kept() {
    let kept = read("malformed/headers.mbox");
    let messages = kept.messages();
    let [first, second, third] = messages[..] else { panic!("{kept:?}") };
    assert_eq!((first.left_out, &first.from), (LeftOut::NoSender, &mailbox("", "")));
    assert_eq!(second.from, mailbox("", "boss@example.org"));
    let to: Vec<_> = second.recipients.iter().map(|(m, _)| m.address.as_deref().unwrap()).collect();
    assert_eq!(to, ["b@example.org", "c@example.org"], "duplicated To fields are one");
    assert_eq!(third.left_out, LeftOut::DeliveryReport);
    assert_eq!(third.from.address.as_deref(), Some("a@example.org"), "from the separator line");
    let lost: Vec<_> = kept.issues.iter().filter(|i| i.1 == Severity::Lost).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
}

#[test]
fn files_without_a_message_are_lost_and_not_silent() {
    assert_eq!(read("malformed/no-separator.mbox").lost(), 1);
    assert_eq!(read("malformed/binary.eml").lost(), 1);
    let empty = read("malformed/empty.eml");
    assert_eq!((empty.records.len(), empty.skipped.len()), (0, 1));
}

#[test]
fn a_message_without_id_is_known_by_its_headers_however_they_are_folded() {
    let one = message("From: a@example.org\nTo: b@example.org,\n  c@example.org\nSubject: x");
    let same = message("From: a@example.org\nTo: b@example.org, c@example.org\nSubject: x");
    let other = message("From: a@example.org\nTo: b@example.org, c@example.org\nSubject: y");
    assert_eq!(one.event, same.event);
    assert_ne!(one.event, other.event);
}

#[test]
fn huge_headers_are_cut_and_said() {
    let mut text = b"From a@example.org Mon Apr 29 15:30:55 2019\nFrom: a@example.org\n\
        Date: Mon, 29 Apr 2019 15:30:55 +0000\n"
        .to_vec();
    for n in 0..200_000 {
        text.extend_from_slice(format!("X-Filler-{n}: y\n").as_bytes());
    }
    text.extend_from_slice(
        b"\nbody\n\nFrom b@example.org Mon Apr 29 15:31:55 2019\nFrom: b@e.org\n",
    );
    let kept = read_with(&Mbox, &text, 8192);
    assert_eq!(kept.records.len(), 2);
    assert_eq!(kept.issues.len(), 2, "cut, and a date from the separator: {:?}", kept.issues);
    let single = read_with(&Eml, &text[44..], 8192);
    assert_eq!((single.records.len(), single.issues.len()), (1, 1));
}

#[test]
fn a_body_of_any_size_passes_through_bounded_memory() {
    // Lines that nearly are separators, across every buffer boundary.
    let mut text = b"From a@example.org Mon Apr 29 15:30:55 2019\nFrom: a@example.org\n\n".to_vec();
    for n in 0..5_000 {
        text.extend_from_slice(b"\nFrom me on Mon Apr 29 at ten in 2019\n"[n % 7..].as_ref());
    }
    text.extend_from_slice(b"\nFrom b@example.org Mon Apr 29 15:31:55 2019\nFrom: b@e.org\n\n");
    for capacity in [7, 4096, 1 << 20] {
        assert_eq!(read_with(&Mbox, &text, capacity).records.len(), 2, "{capacity}");
    }
}
