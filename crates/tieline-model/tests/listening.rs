//! What was said, and what came of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use tieline_model::listening::{Heard, Reply, ReplyError, answering};
use tieline_model::time::Moment;

fn heard(said: f64, answered: Option<f64>) -> Heard {
    let at = |days: f64| Moment::from_ms(0).plus_days(days);
    let reply = if answered.is_some() { Reply::Done } else { Reply::Waits };
    Heard { said: at(said), answered: answered.map(at), reply }
}

#[test]
fn an_answer_has_words_and_is_never_taken_away() {
    for reply in [Reply::Doing, Reply::Done, Reply::Declined] {
        assert_eq!(reply.in_words("We painted the doors."), Ok(()));
        assert_eq!(reply.in_words(" \n"), Err(ReplyError::Wordless));
    }
    assert_eq!(Reply::Waits.in_words("Later."), Err(ReplyError::None));
}

#[test]
fn half_of_the_answers_came_within_the_median() {
    let all = [heard(0.0, Some(2.0)), heard(1.0, Some(11.0)), heard(3.0, None), heard(5.0, None)];
    let found = answering(&all, Moment::from_ms(0).plus_days(20.0));
    assert_eq!((found.n_waits, found.n_done), (2, 2));
    assert_eq!(found.median_days, Some(6.0));
    assert_eq!(found.oldest_days, Some(17.0));
    let found = answering(&[], Moment::from_ms(0));
    assert_eq!((found.median_days, found.oldest_days), (None, None));
}

proptest! {
    #[test]
    fn everything_said_is_counted_once_and_times_lie_within_those_seen(
        all in proptest::collection::vec((0.0..100.0_f64, proptest::option::of(0.0..50.0_f64)), 0..40)
    ) {
        let all: Vec<Heard> =
            all.into_iter().map(|(said, after)| heard(said, after.map(|days| said + days))).collect();
        let now = Moment::from_ms(0).plus_days(200.0);
        let found = answering(&all, now);
        let n = found.n_waits + found.n_doing + found.n_done + found.n_declined;
        prop_assert_eq!(n, all.len() as u64);
        let days: Vec<f64> =
            all.iter().filter_map(|one| Some(one.answered?.days_since(one.said))).collect();
        match found.median_days {
            None => prop_assert!(days.is_empty()),
            Some(median) => {
                prop_assert!(days.iter().any(|one| *one <= median));
                prop_assert!(days.iter().any(|one| *one >= median));
            }
        }
        prop_assert_eq!(found.oldest_days.is_some(), found.n_waits > 0);
    }
}
