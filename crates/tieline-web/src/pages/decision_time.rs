//! Moments in the forms of decisions, where the viewer is.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use tieline_model::time::Moment;

use super::form::Fault;
use crate::here;

/// A moment as a form shows it, where the viewer is.
pub(super) fn typed(at: Option<Moment>, zone: &TimeZone) -> String {
    let local = at.map(|at| at.timestamp().to_zoned(zone.clone()).datetime());
    local.map(|local| local.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// A day and time that may be left out, in a zone; a day alone is its end.
pub(super) fn moment_of(
    field: &'static str,
    text: &str,
    zone: &TimeZone,
    faults: &mut Vec<Fault>,
) -> Option<Moment> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    let local: Option<DateTime> = match day {
        Some(day) => day.tomorrow().ok().map(DateTime::from),
        None => text.parse().ok(),
    };
    let zoned = local.and_then(|local| local.to_zoned(zone.clone()).ok());
    if zoned.is_none() {
        faults.push(Fault::new(field, t!("decisions-bad-moment")));
    }
    zoned.map(|zoned| Moment::from_ms(zoned.timestamp().as_millisecond()))
}

/// Where the viewer is: by their account, or by the browser of a guest.
pub(super) fn zone_here() -> TimeZone {
    TimeZone::get(&here::zone()).unwrap_or(TimeZone::UTC)
}
