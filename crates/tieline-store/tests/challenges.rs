//! Challenges, on each kind of store: who says what, what hangs under what, what comes of it, and many
//! who speak at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "steps of a test")]

mod world;

use std::collections::BTreeSet;

use tieline_model::challenge::{Closing, MAX_DEPTH, PointKind, TrialResult, Want};
use tieline_model::decision::{DecisionRules, Delegating, Method, Secrecy, VoterUnit};
use tieline_model::fraction::Share;
use tieline_model::id::{ChallengeId, ChallengePointId, PartnershipId, PartyId};
use tieline_model::time::Moment;
use tieline_store::{
    ChallengeDraft, Constraint, DecisionDraft, InitiativeDraft, PointDraft, TrialDraft,
};
use world::table::Table;
use world::{conflict, done, is_gone};

type At = (PartnershipId, ChallengeId);

fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment::from_ms(i64::try_from(since.as_millis()).unwrap())
}

async fn stated(table: &Table) -> At {
    let draft = ChallengeDraft { title: " It  drips ".to_owned(), ..ChallengeDraft::default() };
    (table.id, done!(table.store, tx => tx.add_challenge(table.id, &draft, table.ada)).unwrap())
}

fn point(
    kind: PointKind,
    party: PartyId,
    text: &str,
    parent: Option<ChallengePointId>,
) -> PointDraft {
    PointDraft { kind, party, parent, text: text.to_owned(), source: " a log ".to_owned() }
}

#[tokio::test]
async fn each_side_speaks_for_itself_and_answers_the_other() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, stated(&table).await);
        let parties: BTreeSet<PartyId> = [table.ours, table.theirs].into();
        let wants =
            async || store.challenge(at, table.bo).await.unwrap().wants(parties.clone(), now());
        let say = point(PointKind::Evidence, table.ours, "six calls", None);
        is_gone(&done!(store, tx => tx.add_challenge_point(at, &say, table.bo)));
        is_gone(&done!(store, tx => tx.add_challenge_point(at, &say, table.convener)));
        let seen = done!(store, tx => tx.add_challenge_point(at, &say, table.ada)).unwrap();
        assert_eq!(wants().await[0], Want::Evidence(vec![table.theirs]));
        let mute = point(PointKind::Evidence, table.ours, " ", None);
        let mute = done!(store, tx => tx.add_challenge_point(at, &mute, table.ada));
        assert!(matches!(conflict(mute), Constraint::Value(_)));

        let one = (at.0, seen);
        is_gone(&done!(store, tx => tx.answer_challenge_point(one, (true, ""), table.ada)));
        let mute = done!(store, tx => tx.answer_challenge_point(one, (false, " "), table.bo));
        assert!(matches!(conflict(mute), Constraint::Value(_)));
        done!(store, tx => tx.answer_challenge_point(one, (false, "four"), table.bo)).unwrap();
        done!(store, tx => tx.answer_challenge_point(one, (true, "four"), table.bo)).unwrap();
        let known = store.challenge(at, table.ada).await.unwrap();
        assert_eq!((&*known.draft.title, &*known.points[0].draft.source), ("It drips", "a log"));
        let stances = &known.points[0].stances;
        assert_eq!((stances.len(), stances[0].agrees, &*stances[0].text), (1, true, ""));

        is_gone(&done!(store, tx => tx.remove_challenge_point(one, true, table.bo)));
        done!(store, tx => tx.remove_challenge_point(one, true, table.ada)).unwrap();
        is_gone(&done!(store, tx => tx.answer_challenge_point(one, (true, ""), table.bo)));
        assert!(store.challenge(at, table.ada).await.unwrap().points.is_empty());
        done!(store, tx => tx.remove_challenge_point(one, false, table.ada)).unwrap();
        assert_eq!(store.challenge(at, table.ada).await.unwrap().points[0].stances.len(), 1);

        done!(store, tx => tx.remove_challenge(at, true, table.bo)).unwrap();
        is_gone(&store.challenge(at, table.ada).await);
        done!(store, tx => tx.remove_challenge(at, false, table.ada)).unwrap();
        let theirs = point(PointKind::Evidence, table.theirs, "wet walls", None);
        done!(store, tx => tx.add_challenge_point(at, &theirs, table.bo)).unwrap();
        let stands = done!(store, tx => tx.remove_challenge(at, true, table.ada));
        assert!(matches!(conflict(stands), Constraint::Value(_)), "another party spoke in it");
    }
}

#[tokio::test]
async fn causes_go_five_deep_and_options_answer_them() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, stated(&table).await);
        let say = async |kind, text: &str, parent| {
            let draft = point(kind, table.ours, text, parent);
            done!(store, tx => tx.add_challenge_point(at, &draft, table.ada))
        };
        let mut above = None;
        let mut chain = Vec::new();
        for n in 0..MAX_DEPTH {
            above = Some(say(PointKind::Cause, &format!("why {n}"), above).await.unwrap());
            chain.push(above.unwrap());
        }
        let deep = say(PointKind::Cause, "a sixth why", above).await;
        assert!(matches!(conflict(deep), Constraint::Value(_)));
        let option = say(PointKind::Option, "tar", above).await.unwrap();
        is_gone(&say(PointKind::Cause, "why of an option", Some(option)).await);
        let other = stated(&table).await;
        let elsewhere = point(PointKind::Option, table.ours, "tar", above);
        is_gone(&done!(store, tx => tx.add_challenge_point(other, &elsewhere, table.ada)));
        let known = store.challenge(at, table.bo).await.unwrap();
        assert_eq!(known.points.last().unwrap().draft.parent, above);
        done!(store, tx => tx.remove_challenge_point((at.0, chain[2]), true, table.ada)).unwrap();
        let known = store.challenge(at, table.bo).await.unwrap();
        let below = known.points.iter().find(|one| one.id == chain[3]).unwrap();
        assert_eq!(below.draft.parent, None, "what hung under it stays, below the problem");
        is_gone(&say(PointKind::Cause, "under what is gone", Some(chain[2])).await);
    }
}

#[tokio::test]
async fn what_is_tried_is_told_and_something_comes_of_it() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let (store, at) = (&table.store, stated(&table).await);
        let option = point(PointKind::Option, table.ours, "tar", None);
        let option = done!(store, tx => tx.add_challenge_point(at, &option, table.ada)).unwrap();
        let draft = TrialDraft {
            option: Some(option),
            party: Some(table.theirs),
            text: "tar one roof".to_owned(),
            sign: "no calls".to_owned(),
            begins: Some(now().plus_days(-9.0)),
            ends: Some(now().plus_days(-1.0)),
        };
        let back = TrialDraft { begins: draft.ends, ends: draft.begins, ..draft.clone() };
        let back = done!(store, tx => tx.add_trial(at, &back, table.bo));
        assert!(matches!(conflict(back), Constraint::Value(_)));
        let trial = (at.0, done!(store, tx => tx.add_trial(at, &draft, table.bo)).unwrap());
        let parties: BTreeSet<PartyId> = [table.ours, table.theirs].into();
        let known = store.challenge(at, table.ada).await.unwrap();
        assert!(known.wants(parties.clone(), now()).contains(&Want::Results(1)));
        let mute =
            done!(store, tx => tx.end_trial(trial, Some((TrialResult::Partly, "")), 1, table.ada));
        assert!(matches!(conflict(mute), Constraint::Value(_)));
        let shown = Some((TrialResult::Partly, "one call"));
        done!(store, tx => tx.end_trial(trial, shown, 1, table.ada)).unwrap();
        let late = done!(store, tx => tx.end_trial(trial, shown, 1, table.bo));
        assert_eq!(conflict(late), Constraint::Stale);
        let stands = done!(store, tx => tx.remove_trial(trial, true, table.bo));
        assert!(matches!(conflict(stands), Constraint::Value(_)));

        let draft = InitiativeDraft { title: "Tar roofs".to_owned(), ..InitiativeDraft::default() };
        let started = done!(store, tx => tx.start_from_challenge(at, &draft, table.bo)).unwrap();
        let twice = done!(store, tx => tx.start_from_challenge(at, &draft, table.bo));
        assert!(matches!(conflict(twice), Constraint::Value(_)));
        let question = DecisionDraft {
            question: "What now?".to_owned(),
            why: String::new(),
            proposal: String::new(),
            options: Vec::new(),
            rules: DecisionRules {
                method: Method::Consent,
                voter_unit: VoterUnit::Party,
                quorum: Share::HALF,
                secrecy: Secrecy::OpenAtClose,
                delegating: Delegating::No,
            },
            discuss_until: None,
            closes_at: None,
        };
        let asked = done!(store, tx => tx.decide_challenge(at, &question, table.ada)).unwrap();
        let known = store.challenge(at, table.bo).await.unwrap();
        assert_eq!(known.initiative, Some((started, "Tar roofs".to_owned())));
        assert_eq!(known.decision, Some((asked, "What now?".to_owned())));
        done!(store, tx => tx.remove_initiative((at.0, started), true, table.bo)).unwrap();
        assert_eq!(store.challenge(at, table.bo).await.unwrap().initiative, None);
        done!(store, tx => tx.start_from_challenge(at, &draft, table.bo)).unwrap();

        let mute =
            done!(store, tx => tx.end_challenge(at, Some((Closing::Solved, " ")), 1, table.bo));
        assert!(matches!(conflict(mute), Constraint::Value(_)));
        let learnt = Some((Closing::Accepted, "tar holds a year"));
        done!(store, tx => tx.end_challenge(at, learnt, 1, table.bo)).unwrap();
        let known = store.challenge(at, table.ada).await.unwrap();
        assert!(known.wants(parties, now()).is_empty());
        let late = done!(store, tx => tx.end_challenge(at, None, 1, table.ada));
        assert_eq!(conflict(late), Constraint::Stale);
        done!(store, tx => tx.end_challenge(at, None, 2, table.ada)).unwrap();
        assert_eq!(store.challenge(at, table.ada).await.unwrap().ended, None);
    }
}

#[tokio::test]
async fn fifty_who_speak_and_start_at_once_lose_nothing() {
    for home in world::homes() {
        let table = Table::laid(&home).await;
        let at = stated(&table).await;
        let tries = (0..50).map(|n| {
            let (store, ada, bo) = (table.store.clone(), table.ada, table.bo);
            let (ours, theirs) = (table.ours, table.theirs);
            tokio::spawn(async move {
                let (party, by) = if n % 2 == 0 { (ours, ada) } else { (theirs, bo) };
                let draft = point(PointKind::Evidence, party, &format!("call {n}"), None);
                done!(store, tx => tx.add_challenge_point(at, &draft, by)).unwrap();
                let draft =
                    InitiativeDraft { title: format!("plan {n}"), ..InitiativeDraft::default() };
                done!(store, tx => tx.start_from_challenge(at, &draft, by)).is_ok()
            })
        });
        let tries: Vec<_> = tries.collect();
        let mut begun = 0;
        for one in tries {
            begun += usize::from(one.await.unwrap());
        }
        assert_eq!(begun, 1, "one initiative comes of it");
        let known = table.store.challenge(at, table.ada).await.unwrap();
        let said: BTreeSet<&str> = known.points.iter().map(|one| &*one.draft.text).collect();
        assert_eq!(said.len(), 50);
        assert_eq!(table.store.initiatives(at.0, None, 9, table.ada).await.unwrap().len(), 1);
    }
}
