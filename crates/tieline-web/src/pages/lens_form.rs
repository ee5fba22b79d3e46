//! The form by which a page is looked at through a lens, and what stands in for the page while that
//! is worked out. All of it is in the URL.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use tieline_insight::groups::SMALLEST_GROUP;
use tieline_model::id::UnitId;
use tieline_model::time::{DAY_MS, Moment};

use super::form::Fault;
use super::imports::refresh;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::lens::{Least, Lens, Look, TieKind};
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::snapshot::Snapshot;

/// What the URL says of the lens.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LensAsked {
    /// A day, that day included.
    pub(crate) at: String,
    /// Word of a kind of tie.
    pub(crate) kind: String,
    /// Id of an organisation.
    pub(crate) unit: String,
    /// Word of how strong ties have to be.
    pub(crate) least: String,
}

/// One choice of a list.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// The form as it is shown.
pub(crate) struct LensForm {
    pub(crate) at: String,
    /// First and last day that can be looked at, and how many days lie between.
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) days: i64,
    /// Where the day stands between them.
    pub(crate) day: i64,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) units: Vec<Choice>,
    pub(crate) leasts: Vec<Choice>,
    /// What is shown instead of everything; empty: the network as it is.
    pub(crate) words: Vec<String>,
    /// The lens as fields of other forms.
    pub(crate) hidden: Vec<(&'static str, String)>,
}

impl LensAsked {
    /// The lens, and what of it cannot be: that part is as if it were not asked for.
    pub(crate) fn read(&self, live: &Snapshot) -> (Lens, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut part = |field, found: Result<(), String>| {
            if let Err(why) = found {
                faults.push(Fault::new(field, why));
            }
        };
        let mut lens = Lens::default();
        part("at", moment(&self.at, live).map(|at| lens.as_of = at));
        part("kind", kind(&self.kind).map(|kind| lens.kind = kind));
        part("unit", unit(&self.unit, live).map(|unit| lens.unit = unit));
        part("least", least(&self.least).map(|least| lens.least = least));
        (lens, faults)
    }
}

/// The end of a day; `None` for the network as it is.
pub(crate) fn moment(text: &str, live: &Snapshot) -> Result<Option<Moment>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day: Date = text.parse().map_err(|_| t!("form-lens-day"))?;
    let at: Moment = day.to_string().parse().map_err(|_| t!("form-lens-no-day"))?;
    match (live.since, live.as_of) {
        (Some(since), _) if at <= since => {
            Err(t!("form-lens-begins", day = here::day(since.date())))
        }
        (Some(_), Some(newest)) => Ok((at < newest).then_some(at)),
        _ => Err(t!("form-lens-undated")),
    }
}

fn kind(text: &str) -> Result<Option<TieKind>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = TieKind::ALL.into_iter().find(|kind| kind.name() == text);
    found.map(Some).ok_or_else(|| {
        let words = TieKind::ALL.map(TieKind::name).join(", ");
        t!("form-lens-kind", words = words)
    })
}

fn least(text: &str) -> Result<Least, String> {
    if text.is_empty() {
        return Ok(Least::default());
    }
    let found = Least::ALL.into_iter().find(|least| least.name() == text);
    found.ok_or_else(|| {
        let words = Least::ALL.map(Least::name).join(", ");
        t!("form-lens-least", words = words)
    })
}

fn unit(text: &str, live: &Snapshot) -> Result<Option<UnitId>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let known = text.parse().ok().filter(|unit| sizes(live).contains_key(unit));
    // Of one with fewer people even the totals would tell of single ones.
    known.map(Some).ok_or_else(|| t!("form-lens-unit"))
}

/// Organisations of five people or more.
fn sizes(live: &Snapshot) -> BTreeMap<UnitId, usize> {
    let mut sizes = BTreeMap::new();
    for node in 0..live.network.len() as u32 {
        if let Some(unit) = live.network.organisation_of(node) {
            *sizes.entry(unit).or_default() += 1;
        }
    }
    sizes.retain(|_, people| *people >= SMALLEST_GROUP);
    sizes
}

impl Lens {
    /// The lens as fields that [`LensAsked`] reads.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let at = self.as_of.map(|at| ("at", last_day(at).to_string()));
        let kind = self.kind.map(|kind| ("kind", kind.name().to_owned()));
        let unit = self.unit.map(|unit| ("unit", unit.to_string()));
        let is_usual = self.least == Least::default();
        let least = (!is_usual).then(|| ("least", self.least.name().to_owned()));
        [at, kind, unit, least].into_iter().flatten().collect()
    }

    /// What it shows instead of everything.
    pub(crate) fn words(&self, live: &Snapshot) -> Vec<String> {
        let at = self.as_of.map(|at| t!("network-lens-as-of", day = here::until(at)));
        let kind = self.kind.map(|kind| kind.label());
        let unit = self.unit.and_then(|unit| live.units.get(&unit)).map(|unit| unit.name.clone());
        let least = (self.least != Least::default()).then(|| self.least.label());
        [at, kind, unit, least].into_iter().flatten().collect()
    }
}

/// The last day before a moment.
pub(crate) fn last_day(at: Moment) -> Date {
    Moment::from_ms(at.ms().saturating_sub(1)).date()
}

impl LensForm {
    pub(crate) fn new(lens: &Lens, live: &Snapshot) -> Self {
        let newest = live.as_of.unwrap_or_else(|| Moment::from_ms(0));
        let since = live.since.unwrap_or(newest).min(newest);
        let day = |at: Moment| (at.ms().saturating_sub(1)).div_euclid(DAY_MS) - since.day();
        let shown = lens.as_of.unwrap_or(newest);
        let choice = |value: &str, label: &str, is_chosen| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            is_chosen,
        };
        let kinds = TieKind::ALL
            .map(|kind| choice(kind.name(), &kind.label(), lens.kind == Some(kind)))
            .into();
        let mut units: Vec<Choice> = sizes(live)
            .into_keys()
            .filter_map(|id| Some((id, live.units.get(&id)?)))
            .map(|(id, unit)| choice(&id.to_string(), &unit.name, lens.unit == Some(id)))
            .collect();
        units.sort_by_key(|unit| unit.label.to_lowercase());
        let leasts = Least::ALL
            .map(|least| choice(least.name(), &least.label(), lens.least == least))
            .into();
        Self {
            at: lens.as_of.map(|at| last_day(at).to_string()).unwrap_or_default(),
            first: since.date().to_string(),
            last: last_day(newest).to_string(),
            days: day(newest).max(0),
            day: day(shown).clamp(0, day(newest).max(0)),
            kinds,
            units,
            leasts,
            words: lens.words(live),
            hidden: lens.fields(),
        }
    }

    /// A URL of the same lens, ready for one more part of its query.
    pub(crate) fn open(&self, path: &str) -> String {
        let url = crate::map::escape(&self.url(path, ""));
        let joint = if url.contains('?') { "&amp;" } else { "?" };
        format!("{url}{joint}")
    }

    /// A URL of the same lens: a path and what else its query holds.
    pub(crate) fn url(&self, path: &str, more: &str) -> String {
        let own = self.hidden.iter().map(|(name, value)| format!("{name}={value}"));
        let more = (!more.is_empty()).then(|| more.to_owned());
        let query = more.into_iter().chain(own).collect::<Vec<_>>().join("&");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

#[derive(Template)]
#[template(path = "working.html")]
struct WorkingPage {
    shell: Shell,
    what: String,
    ahead: usize,
    url: String,
}

/// Networks that a page asked for.
pub(crate) enum Seen<const N: usize> {
    /// All of them, in the order asked.
    Networks([Arc<Snapshot>; N]),
    /// What is answered while one is not there.
    Instead(Response),
}

/// How a page was asked for.
pub(crate) struct Asking {
    /// By a script that waits for it.
    is_part: bool,
    /// Path and query.
    url: String,
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let is_part = parts.headers.contains_key("hx-request");
        Ok(Self { is_part, url: parts.uri.to_string() })
    }
}

/// The networks through some lenses, or a page that says that they are being worked out. A script
/// that asks whether they are there is told by status alone.
pub(crate) async fn through<const N: usize>(
    app: &App,
    signed: &Signed,
    asking: Asking,
    lenses: [Lens; N],
) -> Result<Seen<N>, AppError> {
    let live = app.live.get().ok_or(AppError::NotFound)?;
    let mut found = Vec::with_capacity(N);
    for lens in lenses {
        match app.live.through(&lens).await.ok_or(AppError::NotFound)? {
            Look::Ready(snapshot) => found.push(snapshot),
            Look::Failed(why) => return Err(AppError::Unavailable(why)),
            Look::Working { .. } if asking.is_part => {
                return Ok(Seen::Instead(StatusCode::NO_CONTENT.into_response()));
            }
            Look::Working { ahead } => {
                let what = lens.words(&live).join(", ");
                let shell = Shell::new(app, signed, Place::Network);
                let url = asking.url;
                return Ok(Seen::Instead(page(&WorkingPage { shell, what, ahead, url })?));
            }
        }
    }
    if asking.is_part {
        return Ok(Seen::Instead(refresh()));
    }
    let all = found.try_into().map_err(|_| AppError::NotFound)?;
    Ok(Seen::Networks(all))
}

/// The network through the lens that a URL asks for, where a fault ends it.
pub(crate) async fn one_through(
    app: &App,
    signed: &Signed,
    asking: Asking,
    part: &LensAsked,
) -> Result<Seen<1>, AppError> {
    let Some(live) = app.live.get() else {
        let text = t!("error-network-working");
        let is_starting = app.live.is_starting();
        return Err(if is_starting { AppError::Unavailable(text) } else { AppError::NotFound });
    };
    let (lens, faults) = part.read(&live);
    match faults.into_iter().next() {
        Some(fault) => Err(AppError::BadRequest(fault.text)),
        None => through(app, signed, asking, [lens]).await,
    }
}
