//! How signed agreements stand, and when their duties are due.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use tieline_model::pact::{PactState, due_days, horizon, state};
use tieline_model::partnership::renewal::{Term, TermState};
use tieline_model::time::Moment;

#[test]
fn an_agreement_holds_when_all_signed_and_never_beyond_its_end() {
    let day = |n: f64| Moment::from_ms(0).plus_days(n);
    let term = Some(Term { ends_at: day(400.0), notice_by: Some(day(365.0)) });
    for (signed, ended, at, expected) in [
        (false, false, 0.0, PactState::Draft),
        (false, false, 500.0, PactState::Draft),
        (true, false, 0.0, PactState::Holds(TermState::Running)),
        (true, false, 280.0, PactState::Holds(TermState::Alert { days: 90 })),
        (true, false, 370.0, PactState::Holds(TermState::NoticePassed)),
        (true, false, 400.0, PactState::Holds(TermState::Lapsed)),
        (true, true, 0.0, PactState::Ended),
        (false, true, 500.0, PactState::Ended),
    ] {
        assert_eq!(state(signed, ended, term, day(at)), expected, "{signed} {ended} {at}");
    }
    assert_eq!(state(true, false, None, day(9e4)), PactState::Holds(TermState::Running));
}

#[test]
fn duties_fall_on_the_same_day_of_the_month_or_its_last() {
    let found = due_days(date(2027, 1, 31), Some(1), date(2027, 4, 30));
    let days = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)];
    assert_eq!(found, days);
    assert_eq!(due_days(date(2027, 1, 31), None, date(2030, 1, 1)), [date(2027, 1, 31)]);
    assert!(due_days(date(2027, 1, 31), Some(3), date(2027, 1, 30)).is_empty());
    assert_eq!(due_days(date(9999, 12, 1), Some(1), Date::MAX), [date(9999, 12, 1)]);
}

#[test]
fn a_year_ahead_is_looked_at_or_less_where_the_end_comes_first() {
    let today = date(2026, 11, 24);
    assert_eq!(horizon(today, None), date(2027, 11, 24));
    assert_eq!(horizon(today, Some(Moment::start_of(date(2027, 1, 1)))), date(2026, 12, 31));
    let far = Moment::from_ms(i64::MAX);
    assert_eq!(horizon(today, Some(far)), date(2027, 11, 24));
    let found = due_days(date(2023, 11, 14), Some(1), date(2027, 11, 24));
    assert_eq!((found.len(), found.last()), (49, Some(&date(2027, 11, 14))));
}

proptest! {
    #[test]
    fn due_days_rise_and_end_in_time(
        day in 1_i8..=28, month in 1_i8..=12, every in 0_u32..80, years in 0_i16..4
    ) {
        let first = date(2027, month, day);
        let last = date(2027 + years, 12, 31);
        let found = due_days(first, Some(every), last);
        prop_assert!(found.first() == Some(&first));
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.iter().all(|one| *one <= last && one.day() == day));
        if !(1..=60).contains(&every) {
            prop_assert_eq!(found.len(), 1);
        }
    }
}
