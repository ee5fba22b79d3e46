//! A tie in its parts (METHODS 1.1 and 1.2), as pages show it.

use tieline_insight::{ActorNode, Pair};
use tieline_model::access::TieView;
use tieline_model::id::ActorId;
use tieline_model::tie::{TieState, tie_probability};
use tieline_model::time::Moment;

use super::lanes::days_by_month;
use super::person::Known;
use crate::here;
use crate::show;
use crate::snapshot::Snapshot;

/// Days that the lanes cover.
const LANE_DAYS: f64 = 365.0;

/// A tie in its parts.
pub(crate) struct TieParts {
    /// 0 to 100: tie probability.
    pub(crate) score: String,
    /// Names, values in words, widths of bars from 0 to 100.
    pub(crate) parts: Vec<(String, String, u8)>,
    /// How the strength comes about, in words.
    pub(crate) sum: String,
    /// The rhythm in words.
    pub(crate) rhythm: String,
    /// `warn` where the tie is cooling.
    pub(crate) tone: &'static str,
}

/// Bars of five for a tie: its probability in fifths, at least one.
pub(crate) fn bars(snapshot: &Snapshot, strength: f64) -> u8 {
    let p = tie_probability(strength, snapshot.network.params().saturation);
    (p * 5.0).ceil().clamp(1.0, 5.0) as u8
}

/// In three bands, for those who may see no more.
fn banded(bars: u8) -> u8 {
    match bars {
        0..=2 => 1,
        3 | 4 => 3,
        _ => 5,
    }
}

/// What a list shows of a tie of `ego` to `alter`.
pub(crate) fn known(
    snapshot: &Snapshot,
    pair: &Pair,
    ego: ActorId,
    alter: &ActorNode,
    group: String,
    shown: TieView,
) -> Known {
    let bars = match shown {
        TieView::Hidden | TieView::Exists => 0,
        TieView::Band => banded(bars(snapshot, pair.strength)),
        TieView::Full => bars(snapshot, pair.strength),
    };
    let contact = pair.contact.as_ref().filter(|_| shown == TieView::Full).zip(snapshot.as_of);
    Known {
        id: alter.id.to_string(),
        href: match shown {
            TieView::Full => format!("/people/{ego}/ties/{}", alter.id),
            _ => format!("/people/{}", alter.id),
        },
        initials: show::initials(&alter.name),
        name: alter.name.clone(),
        group,
        bars,
        marks: contact.map_or(Vec::new(), |(contact, at)| marks(&contact.days, at.ms())),
        cells: contact
            .map_or(Vec::new(), |(contact, at)| cells((ego, alter.id), &contact.days, at)),
        last: contact.map_or(String::new(), |(contact, _)| here::date(contact.last)),
        state: contact.map_or(String::new(), |(contact, at)| match contact.rhythm(at).state {
            TieState::Cooling => t!("word-tie-cooling"),
            TieState::Dormant => t!("word-tie-dormant"),
            _ => String::new(),
        }),
    }
}

/// Contact days as places on a line of 360.
fn marks(days: &[i64], as_of_ms: i64) -> Vec<String> {
    let today = as_of_ms as f64 / 86_400_000.0;
    days.iter()
        .map(|day| 360.0 * (1.0 - (today - *day as f64) / LANE_DAYS))
        .filter(|x| (0.0..=360.0).contains(x))
        .map(|x| format!("{x:.0}"))
        .collect()
}

/// Months with contact, each with its way to what is behind it, its words, and where it lies, of a
/// hundred. The same is on the page of the tie, so that keys need not stop at each.
fn cells((ego, alter): (ActorId, ActorId), days: &[i64], at: Moment) -> Vec<MonthCell> {
    let x = |when: Moment| 100.0 * (1.0 - at.days_since(when) / LANE_DAYS).clamp(0.0, 1.0);
    let months = days_by_month(days.iter().copied(), at);
    months
        .into_iter()
        .map(|(month, n)| MonthCell {
            href: format!("/people/{ego}/ties/{alter}?month={month}"),
            label: t!("people-month-days", month = here::month(month.start().date()), n = n),
            left: format!("{:.2}", x(month.start())),
            width: format!("{:.2}", x(month.end()) - x(month.start())),
        })
        .collect()
}

/// A month of a lane in a table.
pub(crate) struct MonthCell {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) left: String,
    pub(crate) width: String,
}

/// The tie of a pair in its parts, seen from `ego`.
pub(crate) fn parts(snapshot: &Snapshot, pair: &Pair, ego: u32) -> TieParts {
    let params = snapshot.network.params();
    let p = tie_probability(pair.strength, params.saturation);
    let Some(contact) = &pair.contact else {
        return TieParts {
            score: format!("{:.0}", p * 100.0),
            parts: vec![(t!("people-tie-stated"), format!("{:.1}", pair.stated), percent(p))],
            sum: t!("people-tie-stated-undated"),
            rhythm: t!("people-tie-undated"),
            tone: "",
        };
    };
    let (mut to, mut from) = (contact.strength.x_ij, contact.strength.x_ji);
    if pair.a != ego {
        std::mem::swap(&mut to, &mut from);
    }
    let most = to.max(from).max(f64::MIN_POSITIVE);
    let both = contact.strength.reciprocity().unwrap_or(0.0);
    TieParts {
        score: format!("{:.0}", p * 100.0),
        parts: vec![
            (t!("people-tie-towards"), format!("{to:.1}"), percent(to / most)),
            (t!("people-tie-from"), format!("{from:.1}"), percent(from / most)),
            (t!("people-tie-both"), format!("{:.0} %", both * 100.0), percent(both)),
            (t!("people-tie-stated"), format!("{:.1}", pair.stated), percent(pair.stated / most)),
        ],
        sum: sum(snapshot, pair),
        rhythm: rhythm(snapshot, pair),
        tone: state_tone(snapshot, pair),
    }
}

/// How the strength of a tie comes about.
fn sum(snapshot: &Snapshot, pair: &Pair) -> String {
    let params = snapshot.network.params();
    let rho = params.reciprocity_weight;
    let (strength, days) =
        (format!("{:.1}", pair.strength), format!("{:.0}", params.half_life_days));
    let (both, lesser) = (format!("{:.2}", 1.0 - rho), format!("{rho:.2}"));
    if pair.stated > 0.0 {
        t!("people-tie-sum-stated", strength = strength, both = both, lesser = lesser, days = days)
    } else {
        t!("people-tie-sum", strength = strength, both = both, lesser = lesser, days = days)
    }
}

fn percent(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn state_tone(snapshot: &Snapshot, pair: &Pair) -> &'static str {
    let state = pair.contact.as_ref().zip(snapshot.as_of).map(|(c, at)| c.rhythm(at).state);
    if matches!(state, Some(TieState::Cooling | TieState::Dormant)) { "warn" } else { "" }
}

/// The rhythm of a tie in a sentence.
fn rhythm(snapshot: &Snapshot, pair: &Pair) -> String {
    let Some((contact, at)) = pair.contact.as_ref().zip(snapshot.as_of) else {
        return t!("people-tie-undated");
    };
    let rhythm = contact.rhythm(at);
    let last = rhythm.gap_days.map(|gap| match gap.round() as i64 {
        0 => t!("people-rhythm-today"),
        days => t!("people-rhythm-ago", n = days.max(0)),
    });
    let usual = rhythm.median_interval_days.map_or_else(
        || t!("people-rhythm-unknown"),
        |usual| t!("people-rhythm-usual", n = usual.max(1.0).round() as u64),
    );
    let state = match rhythm.state {
        TieState::Cooling => Some(t!("people-rhythm-cooling")),
        TieState::Dormant => Some(t!("people-rhythm-dormant")),
        _ => None,
    };
    let told: Vec<String> = last.into_iter().chain([usual]).chain(state).collect();
    told.join(" ")
}
