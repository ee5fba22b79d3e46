//! Stakeholders, objectives, roles, give and take: the method vectors (METHODS 3, 8, 9.6, 9.7).

#![allow(clippy::unwrap_used, reason = "a test that cannot read its vectors fails")]

mod common;

use std::collections::BTreeSet;

use common::{close, close_or_null, list, number, text, vectors, whole};
use proptest::prelude::*;
use serde_json::Value;
use tieline_model::agreement::{
    Milestone, adherence, recognition_coverage, thanks_per_contributor,
};
use tieline_model::commitment::laplace;
use tieline_model::ledger::{self, Entry, LedgerError};
use tieline_model::objective::{
    Aim, Band, Claim, Direction, KeyResult, Link, LinkKind, LinkState, Reason, alignment, band,
    elapsed_share, objective_score, pace, proposals,
};
use tieline_model::participation::{Opener, Responsiveness, voices};
use tieline_model::partnership::reservation::Interval;
use tieline_model::raci::{
    Assignment, Finding, ReadBack, Role, Work, findings, is_read_back, load,
};
use tieline_model::similarity::Texts;
use tieline_model::stakeholder::{
    Engagement, EngagementGap, Membership, Placement, PlacementEvidence, Quadrant, Salience,
    Spread, Suggested, membership, mid_ranks, quadrant, suggest, work_list,
};
use tieline_model::time::Moment;

fn stakeholders() -> Value {
    vectors("people")["stakeholders"].clone()
}

#[test]
fn the_grid_matches_the_vectors() {
    for case in list(&stakeholders()["mendelow"]) {
        let found = quadrant(case["power"].as_f64(), case["interest"].as_f64());
        assert_eq!(found.name(), text(&case["expected"]));
    }
    assert_eq!(quadrant(Some(0.9), None), Quadrant::Unclassified);
}

#[test]
fn salience_matches_the_vectors_and_keeps_open_what_is_not_known() {
    for case in list(&stakeholders()["salience"]) {
        let has = |name: &str| whole(&case[name]) == 1;
        let found = Salience::of(has("power"), has("legitimacy"), has("urgency"));
        assert_eq!(found.name(), text(&case["expected"]));
        assert_eq!(u64::from(found.priority()), whole(&case["priority"]));
    }
    let open = Salience::possible(Some(true), None, Some(true));
    assert_eq!(open, BTreeSet::from([Salience::Dangerous, Salience::Definitive]));
    assert_eq!(Salience::possible(None, None, None).len(), 8);
}

#[test]
fn engagement_matches_the_vectors_and_orders_the_work() {
    let level = |name: &Value| Engagement::from_name(text(name)).unwrap();
    for case in list(&stakeholders()["engagement"]) {
        let gap = level(&case["current"]).gap_to(level(&case["desired"]));
        assert_eq!(i64::from(gap), case["gap"].as_i64().unwrap());
    }
    let gap =
        |stakeholder, gap, power, interest| EngagementGap { stakeholder, gap, power, interest };
    let all = [
        gap('a', 1, 0.9, 0.9),
        gap('b', 3, 0.5, 0.5),
        gap('c', -1, 1.0, 1.0),
        gap('d', 3, 0.5, 0.5),
    ];
    let order: Vec<char> = work_list(&all).iter().map(|one| one.stakeholder).collect();
    assert_eq!(order, ['b', 'd', 'a']);
    assert_eq!(membership(None, None), Membership::Unknown);
    assert_eq!(membership(Some(false), Some(true)), Membership::External);
    assert_eq!(membership(None, Some(true)), Membership::Internal);
}

#[test]
fn mid_ranks_and_suggested_placement_match_the_vectors() {
    for case in list(&stakeholders()["pct_rank"]) {
        let values: Vec<f64> = list(&case["x"]).iter().map(number).collect();
        for (found, expected) in mid_ranks(&values).into_iter().zip(list(&case["expected"])) {
            close(found, number(expected));
        }
    }
    assert_eq!(mid_ranks(&[7.0]), [0.5]);
    let case = &stakeholders()["suggest"];
    let evidence = |row: &Value| PlacementEvidence {
        level: row["level"].as_f64(),
        betweenness: row["betweenness"].as_f64(),
        pagerank: row["pagerank"].as_f64(),
        reach2: row["reach2"].as_f64(),
        topic_share: row["topic_share"].as_f64(),
        recent_share: row["recent_share"].as_f64(),
    };
    let rows: Vec<PlacementEvidence> = list(&case["rows"]).iter().map(evidence).collect();
    let same = |found: &Suggested, value: &Value, parts: &Value| {
        close(found.value, number(value));
        for (name, part) in &found.parts {
            close(*part, number(&parts[*name]));
        }
        close(found.parts.iter().map(|(_, part)| part).sum(), found.value);
    };
    for (found, expected) in suggest(&rows).iter().zip(list(&case["expected"])) {
        same(found.power.as_ref().unwrap(), &expected["power"], &expected["power_parts"]);
        same(found.interest.as_ref().unwrap(), &expected["interest"], &expected["interest_parts"]);
        assert_eq!(found.quadrant().name(), text(&expected["quadrant"]));
    }
}

#[test]
fn a_column_missing_for_anyone_is_left_out_for_all() {
    let mut rows = vec![PlacementEvidence { level: Some(2.0), ..Default::default() }; 2];
    rows[0].betweenness = Some(4.0);
    rows[1].level = Some(5.0);
    let found = suggest(&rows);
    assert_eq!(found[0].power, Some(Suggested { value: 0.0, parts: vec![("level", 0.0)] }));
    assert_eq!(found[1].power, Some(Suggested { value: 1.0, parts: vec![("level", 1.0)] }));
    assert_eq!(found[0].interest, None);
    assert_eq!(found[0].quadrant(), Quadrant::Unclassified);
}

#[test]
fn placements_of_several_people_show_where_they_disagree() {
    let place = |power, interest| Placement { power, interest };
    let spread =
        Spread::of(&[place(0.18, 0.9), place(0.61, 0.8), place(0.4, 0.9), place(0.3, 0.7)]);
    let spread = spread.unwrap();
    close(spread.power.low, 0.18);
    close(spread.power.median, 0.35);
    close(spread.power.width(), 0.43);
    assert!(spread.is_contested() && spread.n == 4);
    assert!(!Spread::of(&[place(0.1, 0.9)]).unwrap().is_contested());
    assert_eq!(Spread::of(&[]), None);
}

#[test]
fn key_results_and_objectives_match_the_vectors() {
    let okr = &vectors("people")["okr"];
    for case in list(&okr["kr"]) {
        let result = KeyResult {
            baseline: number(&case["baseline"]),
            target: number(&case["target"]),
            actual: case["actual"].as_f64(),
            is_past_due: false,
        };
        close_or_null(result.score(), &case["expected"]);
    }
    let scores = list(&okr["objective"]["scores"]).iter().map(Value::as_f64);
    let weights = list(&okr["objective"]["weights"]).iter().map(number);
    let both: Vec<(Option<f64>, f64)> = scores.zip(weights).collect();
    close_or_null(objective_score(&both), &okr["objective"]["expected"]);
    assert_eq!(objective_score(&[(None, 1.0)]), None);
}

#[test]
fn texts_are_as_alike_as_the_vectors_say() {
    let tfidf = &vectors("links")["tfidf"];
    let docs: Vec<&str> = list(&tfidf["docs"]).iter().map(text).collect();
    let texts = Texts::new(&docs);
    for (one, row) in list(&tfidf["cosine"]).iter().enumerate() {
        for (other, expected) in list(row).iter().enumerate() {
            close(texts.cosine(one, other), number(expected));
        }
    }
    let blank = Texts::new(&["", "- !", "warm"]);
    assert_eq!([blank.cosine(0, 2), blank.cosine(1, 1), blank.cosine(2, 9)], [0.0; 3]);
}

#[test]
fn a_key_result_goes_one_way_and_time_goes_on() {
    let result =
        |baseline, target| KeyResult { baseline, target, actual: None, is_past_due: false };
    let ways = [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0)].map(|(a, b)| result(a, b).direction());
    assert_eq!(ways, [Some(Direction::Up), Some(Direction::Down), None]);
    let day = |n: i64| Moment::from_ms(n * 86_400_000);
    assert_eq!(elapsed_share(day(0), day(10), day(4)), Some(0.4));
    assert_eq!(elapsed_share(day(0), day(10), day(40)), Some(1.0));
    assert_eq!(elapsed_share(day(5), day(10), day(4)), Some(0.0));
    assert_eq!(elapsed_share(day(5), day(5), day(5)), None);
}

#[test]
fn what_was_never_measured_counts_nothing_only_once_it_is_due() {
    let open = KeyResult { baseline: 0.0, target: 10.0, actual: None, is_past_due: false };
    assert_eq!(open.score(), None);
    assert_eq!(KeyResult { is_past_due: true, ..open }.score(), Some(0.0));
    let over = KeyResult { actual: Some(12.0), ..open };
    assert_eq!((over.score(), over.progress()), (Some(1.0), Some(1.2)));
    assert_eq!([band(0.29), band(0.3), band(0.7)], [Band::Red, Band::Amber, Band::Green]);
    assert_eq!((pace(0.3, 0.5), pace(0.3, 0.0)), (Some(0.6), None));
}

type TestAim = Aim<u8, &'static str, &'static str>;

fn aim(objective: u8, owner: &'static str) -> TestAim {
    Aim { objective, owner, parent: None, metrics: Vec::new(), claims: Vec::new() }
}

#[test]
fn overlaps_and_conflicts_are_proposed_with_reasons_until_someone_says_no() {
    let day = |day: f64| Moment::from_ms(0).plus_days(day);
    let claim = |amount, from, to| Claim {
        resource: "crew",
        amount,
        capacity: 6,
        when: Interval::new(day(from), day(to)).unwrap(),
    };
    let mut aims = vec![aim(1, "A"), aim(2, "B"), aim(3, "C"), aim(4, "A")];
    aims[0].metrics = vec![("Referral time".to_owned(), Direction::Down)];
    aims[1].metrics = vec![(" referral TIME".to_owned(), Direction::Up)];
    aims[1].claims = vec![claim(4, 0.0, 5.0)];
    aims[2].claims = vec![claim(2, 1.0, 3.0), claim(3, 4.0, 9.0)];
    let alike = |x: usize, y: usize| if (x, y) == (0, 2) { 0.35 } else { 0.34 };
    let found = proposals(&aims, alike, &[]);
    let seen: Vec<_> = found.iter().map(|one| (one.one, one.other, one.kind)).collect();
    let conflict = LinkKind::ConflictsWith;
    assert_eq!(seen, [(1, 2, conflict), (1, 3, LinkKind::Duplicates), (2, 3, conflict)]);
    assert_eq!(found[0].reason, Reason::Metric("Referral time".to_owned()));
    assert_eq!(found[2].reason, Reason::Resource(0));
    let rejected = Link { from: 3, to: 1, kind: LinkKind::Duplicates, state: LinkState::Rejected };
    assert_eq!(proposals(&aims, alike, &[rejected]).len(), 2);
    // Alike texts alone, of one owner, are nobody's business.
    assert!(proposals(&[aim(1, "A"), aim(4, "A")], |_, _| 1.0, &[]).is_empty());
}

#[test]
fn alignment_counts_confirmed_support_of_others_and_lists_orphans() {
    let mut aims = vec![aim(1, "A"), aim(2, "A"), aim(3, "A"), aim(4, "B")];
    aims[1].parent = Some(3);
    let link = |from, to, kind, state| Link { from, to, kind, state };
    let links = [
        link(1, 4, LinkKind::Supports, LinkState::Confirmed),
        link(2, 3, LinkKind::DependsOn, LinkState::Confirmed),
        link(3, 4, LinkKind::Supports, LinkState::Rejected),
        link(3, 4, LinkKind::ConflictsWith, LinkState::Confirmed),
    ];
    let found = alignment(&aims, &"A", &links);
    close(found.score.unwrap(), 2.0 / 3.0);
    assert_eq!(found.orphans, [3]);
    assert_eq!(alignment(&aims, &"C", &links).score, None);
}

fn assigned(person: &str, letters: &str) -> Assignment<String> {
    let role = |letter: char| match letter {
        'A' => Role::Accountable,
        'R' => Role::Responsible,
        'C' => Role::Consulted,
        _ => Role::Informed,
    };
    Assignment {
        person: person.to_owned(),
        roles: letters.chars().map(role).collect(),
        deputy: None,
        read_back: ReadBack::Accepted,
    }
}

#[test]
fn the_matrix_of_roles_matches_the_vectors() {
    let case = &vectors("people")["okr"]["raci"];
    let matrix: Vec<Work<String, String>> = case["matrix"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(work, row)| {
            let row = row.as_object().unwrap().iter();
            let row = row.map(|(person, letters)| assigned(person, text(letters))).collect();
            Work { work: work.clone(), row }
        })
        .collect();
    let found: Vec<[String; 2]> = findings(&matrix, &BTreeSet::new())
        .into_iter()
        .filter_map(|finding| {
            let pair = |of: String, code: &str| Some([of, code.to_owned()]);
            match finding {
                Finding::NoAccountable(work) => pair(work, "E1_no_accountable"),
                Finding::SeveralAccountable(work) => pair(work, "E2_multiple_accountable"),
                Finding::NoResponsible(work) => pair(work, "E3_no_responsible"),
                Finding::ConsultedAndInformed(work, people) => {
                    pair(work, &format!("E4_consulted_and_informed:{}", people.join(",")))
                }
                Finding::ManyConsulted(work) => pair(work, "W1_too_many_consulted"),
                Finding::ManyResponsible(work) => pair(work, "W2_too_many_responsible"),
                Finding::Overload(person) => pair(person, "W3_accountability_overload"),
                Finding::Left(..) | Finding::SinglePoint(..) => None,
            }
        })
        .collect();
    let expected: Vec<[String; 2]> = list(&case["expected"])
        .iter()
        .map(|pair| [text(&pair[0]).to_owned(), text(&pair[1]).to_owned()])
        .collect();
    assert_eq!(found, expected);
    assert_eq!(load(&matrix)["ann"].accountable, 5);
}

#[test]
fn one_person_alone_needs_a_deputy_who_is_there() {
    let work = |row| [Work { work: "refer", row }];
    let alone = |deputy: Option<&str>| {
        vec![
            Assignment { deputy: deputy.map(str::to_owned), ..assigned("ann", "AR") },
            assigned("bob", "C"),
        ]
    };
    let single = Finding::SinglePoint("refer", "ann".to_owned());
    let nobody = BTreeSet::new();
    assert_eq!(findings(&work(alone(None)), &nobody), std::slice::from_ref(&single));
    assert_eq!(findings(&work(alone(Some("bob"))), &nobody), []);
    let gone = BTreeSet::from(["bob".to_owned()]);
    assert_eq!(findings(&work(alone(Some("bob"))), &gone), [single]);
    let left = BTreeSet::from(["ann".to_owned()]);
    let found = findings(&work(alone(Some("bob"))), &left);
    assert_eq!(found, [Finding::Left("refer", "ann".to_owned())]);
    assert!(found.iter().all(|finding| !finding.is_error() && finding.code() == "W4"));
    assert_eq!(load(&work(alone(Some("bob"))))["bob"].deputy, 1);
}

#[test]
fn roles_are_read_back_once_everyone_accepts() {
    let mut row = vec![assigned("ann", "A"), assigned("bob", "R")];
    assert!(is_read_back(&[Work { work: 1, row: row.clone() }]));
    row[1].read_back = ReadBack::Question;
    assert!(!is_read_back(&[Work { work: 1, row }]));
    assert!(!is_read_back::<u8, u8>(&[]));
}

fn gave(giver: &'static str, receiver: &'static str, value: f64) -> Entry<&'static str> {
    Entry { giver, receiver, value: Some(value), is_confirmed: true }
}

#[test]
fn the_ledger_matches_the_vectors() {
    let measuring = &vectors("people")["measuring"];
    for case in list(&measuring["ledger"]) {
        let entries =
            [gave("A", "B", number(&case["given"])), gave("B", "A", number(&case["received"]))];
        let found = ledger::between(&entries, "A", "B");
        close_or_null(found.reciprocity(), &case["reciprocity"]);
        close_or_null(found.balance(), &case["balance"]);
    }
    let flows = [
        gave("A", "B", 30.0),
        gave("A", "C", 10.0),
        gave("B", "A", 20.0),
        gave("B", "C", 5.0),
        gave("C", "A", 0.0),
        gave("C", "B", 15.0),
    ];
    let expected = &measuring["ledger_network"];
    for flow in &flows {
        assert_eq!(flow.value, expected["flows"][flow.giver][flow.receiver].as_f64());
    }
    close_or_null(ledger::reciprocity(&flows), &expected["weighted_reciprocity"]);
}

#[test]
fn only_what_the_receiver_confirmed_counts() {
    let open = Entry { is_confirmed: false, ..gave("A", "B", 9.0) };
    assert_eq!(open.confirmed_by("A"), Err(LedgerError::NotReceiver));
    let confirmed = open.confirmed_by("B").unwrap();
    assert_eq!(confirmed.confirmed_by("B"), Err(LedgerError::Confirmed));
    let unvalued = Entry { value: None, ..confirmed };
    let found = ledger::between(&[open, confirmed, unvalued], "B", "A");
    let counts = (found.received, found.n_unvalued_received, found.n_unconfirmed);
    assert_eq!(counts, (9.0, 1, 1));
    assert_eq!(ledger::reciprocity(&[open, unvalued]), None);
}

#[test]
fn contact_and_thanks_match_the_methods() {
    // METHODS 9.7, worked out by hand there.
    close(adherence(1, 10, &[6, 1], 3).unwrap(), 0.8);
    close(adherence(1, 10, &[], 3).unwrap(), 0.4);
    close(adherence(1, 4, &[-1], 3).unwrap(), 0.5);
    assert_eq!(adherence(2, 1, &[], 3), None);
    let reached_at = Moment::from_ms(0);
    let thanked =
        |days: f64| Milestone { reached_at, thanked_at: vec![reached_at.plus_days(days)] };
    let all = [thanked(0.0), thanked(14.0), thanked(3.0), thanked(15.0)];
    close(recognition_coverage(&all).unwrap(), 0.75);
    assert_eq!(recognition_coverage(&[]), None);
    assert_eq!(thanks_per_contributor(&['a', 'b'], &['b', 'b']), [('a', 0), ('b', 2)]);
}

#[test]
fn voices_and_answers_match_the_vectors() {
    let all = vectors("communication");
    let minutes = all["airtime"]["minutes"].as_object().unwrap();
    let amounts: Vec<(&str, f64)> =
        minutes.iter().map(|(name, minutes)| (name.as_str(), number(minutes))).collect();
    let expected = &all["airtime"]["expected"];
    let found = voices(&amounts);
    for voice in &found {
        close(voice.share, number(&expected["share"][voice.of]));
    }
    let unheard: Vec<&str> =
        found.iter().filter(|voice| voice.is_unheard).map(|voice| voice.of).collect();
    assert_eq!(unheard, common::texts(&expected["unheard"]));
    assert!(voices(&[("a", 0.0)]).is_empty());

    // Openers to b in the messages of the vectors: t1, t2, t3 and t4.
    let hour = |hour: f64| Moment::from_ms((hour * 3_600_000.0) as i64);
    let messages = list(&all["messages"]);
    let sent = |thread: &str, sender: fn(&str) -> bool| {
        let of_thread =
            |message: &&Value| text(&message["thread"]) == thread && sender(text(&message["s"]));
        messages.iter().find(of_thread).map(|message| hour(number(&message["at"])))
    };
    let openers: Vec<Opener> = ["t1", "t2", "t3", "t4"]
        .into_iter()
        .map(|thread| Opener {
            at: sent(thread, |sender| sender != "b").unwrap(),
            answered_at: sent(thread, |sender| sender == "b"),
        })
        .collect();
    let found = Responsiveness::of(&openers, hour(number(&all["T_hours"])));
    let expected = &all["responsiveness"]["b"];
    assert_eq!(found.answered, whole(&expected["answered"]));
    assert_eq!(found.answered + found.unanswered, whole(&expected["eligible"]));
    assert_eq!(found.pending, whole(&expected["pending"]));
    close_or_null(found.reply_rate(), &expected["reply_rate"]);
    close_or_null(found.median_hours, &expected["median_latency_h"]);
    assert_eq!(Responsiveness::of(&[], hour(0.0)).reply_rate(), None);
}

#[test]
fn reliability_matches_the_vectors() {
    for case in list(&vectors("people")["trust"]["commitments_beta"]) {
        close(laplace(whole(&case["kept"]), whole(&case["due"])), number(&case["expected"]));
    }
}

proptest! {
    /// Mid-ranks: between 0 and 1, one half on average, in the order of the values.
    #[test]
    fn mid_ranks_keep_the_order(values in prop::collection::vec(0u8..9, 2..12)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let ranks = mid_ranks(&values);
        let mean = ranks.iter().sum::<f64>() / ranks.len() as f64;
        prop_assert!((mean - 0.5).abs() < 1e-9);
        for (x, rank) in values.iter().zip(&ranks) {
            prop_assert!((0.0..=1.0).contains(rank));
            for (y, other) in values.iter().zip(&ranks) {
                prop_assert_eq!(x < y, rank < other);
            }
        }
    }
}
