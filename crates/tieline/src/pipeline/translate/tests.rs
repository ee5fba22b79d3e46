//! What records turn into.

use tieline_model::record::{Attendance, Card};

use super::*;
use crate::pipeline::facts::Portion;

#[derive(Default)]
struct Collected(Vec<(EventHead, Vec<Interaction>)>);

impl Rows for Collected {
    fn push(&mut self, head: &EventHead, rows: &[Interaction]) -> Result<(), anyhow::Error> {
        self.0.push((*head, rows.to_vec()));
        Ok(())
    }
}

fn mailbox(text: &str) -> Mailbox {
    Mailbox { name: None, address: Some(text.into()) }
}

fn message(from: &str, to: &[&str]) -> Message {
    Message {
        event: EventId::of_message_id("1@example.org"),
        at: Moment::from_seconds(1_000_000),
        thread: EventId::of_message_id("1@example.org"),
        parent: None,
        from: mailbox(from),
        recipients: to.iter().map(|to| (mailbox(to), Role::To)).collect(),
        list: None,
        left_out: LeftOut::Kept,
        also_named: Vec::new(),
    }
}

fn translate(records: &[Record], erased: &str) -> (Collected, Portion) {
    let is_erased = |address: &Address| address.text() == erased;
    let params = TieParams::default();
    let mut translator = Translator::new(ImportId::of(&[b"x"]), &params, &is_erased);
    translator.start_file("club-edges.csv", "d");
    let mut out = Collected::default();
    for record in records {
        translator.record(record, &mut out).unwrap();
    }
    translator.end_file(&mut out).unwrap();
    (out, translator.facts.take())
}

#[test]
fn recipients_are_distinct_and_never_the_sender() {
    let record = Record::Message(Box::new(message(
        "a@example.org",
        &["b@example.org", "B@example.org", "a@example.org", "c@example.org"],
    )));
    let (out, facts) = translate(&[record], "");
    assert_eq!((out.0[0].0.participants, out.0[0].1.len(), out.0[0].1[0].group), (3, 2, 2));
    assert_eq!(facts.sightings.len(), 3);
}

#[test]
fn a_message_to_nobody_keeps_its_event() {
    let (out, _) = translate(&[Record::Message(Box::new(message("a@example.org", &[])))], "");
    assert_eq!((out.0[0].1.len(), out.0[0].1[0].role), (1, Role::Nobody));
}

#[test]
fn erased_people_leave_no_trace() {
    let records = [
        Record::Message(Box::new(message("a@example.org", &["b@example.org", "c@example.org"]))),
        Record::Message(Box::new(message("b@example.org", &["a@example.org"]))),
        Record::Card(Box::new(Card {
            name: Some("B".into()),
            emails: vec!["b@example.org".into(), "b@home.example".into()],
            ..Card::default()
        })),
    ];
    let (out, facts) = translate(&records, "b@example.org");
    let id = Address::email("b@example.org").unwrap().id();
    assert!(out.0.iter().all(|(head, rows)| head.author != id && rows.iter().all(|r| r.to != id)));
    assert!(facts.addresses.iter().all(|one| one.id() != id) && facts.claims.is_empty());
    assert_eq!(facts.addresses.len(), 2, "the other address of the card is not kept either");
    assert_eq!(out.0[1].0.left_out, LeftOut::Erased);
}

#[test]
fn a_series_counts_once_and_each_occurrence_has_its_rows() {
    let occurrence = |day: i64| tieline_model::record::Occurrence {
        event: EventId::of(&[&day.to_le_bytes()]),
        at: Moment::from_seconds(day * 86_400),
        minutes: 60,
        cancelled: day == 2,
    };
    let gathering = Gathering {
        channel: Channel::Meeting,
        revision: 0,
        organiser: Some(mailbox("a@example.org")),
        attendees: vec![
            (mailbox("b@example.org"), Status::Accepted),
            (mailbox("room@example.org"), Status::Resource),
            (mailbox("c@example.org"), Status::Declined),
        ],
        occurrences: vec![occurrence(1), occurrence(2)],
    };
    let (out, facts) = translate(&[Record::Gathering(Box::new(gathering))], "");
    assert_eq!(out.0.iter().filter(|(head, _)| head.counts).count(), 1);
    assert_eq!((out.0[1].1.len(), out.0[1].1[0].group), (4, 2));
    assert!(out.0[2].1.iter().all(|row| row.status == Status::Cancelled));
    let room = Address::email("room@example.org").unwrap().id();
    assert!(facts.sightings.iter().any(|(id, seen)| *id == room && seen.is_resource));
}

#[test]
fn nodes_and_edges_of_one_network_share_their_scope() {
    let import = ImportId::of(&[b"x"]);
    assert_eq!(label_scope("a/karate-nodes.csv", import), "karate");
    assert_eq!(label_scope("z.zip!karate_edges.csv.xz", import), "karate");
    assert_eq!(label_scope("email-Eu-core-department-labels.txt", import), "email-eu-core");
    assert_eq!(label_scope("edges.csv", import), import.to_string());
}

#[test]
fn attendance_without_dates_becomes_stated_ties() {
    let at = |person: &str| {
        Record::Attendance(Box::new(Attendance {
            person: person.to_owned(),
            event: "dinner".to_owned(),
            at: None,
        }))
    };
    let (out, facts) = translate(&[at("Ada"), at("Bo"), at("Cy")], "");
    assert_eq!((out.0.len(), facts.stated.len()), (3, 3));
    // Three attendees: each ordered pair gets 0.5 * 2 * 1/(3-1) = 0.5, so each pair 1.
    assert!((facts.stated[0].weight - 1.0).abs() < 1e-12);
}
