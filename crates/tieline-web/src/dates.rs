//! The dates of a partnership in one list, and as a calendar that other programs read.

use icalendar::{Calendar, Component as _, Event, Parameter, Property};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieline_model::decision::stage::Stage;
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{
    Challenge, CommitmentsAsked, DecisionQuery, Initiative, JointDecision, KeyResult, Objective,
    Pact, Partnership, Promised, Room, StoreError,
};

use crate::app::App;

/// Of commitments, of decisions and of objectives: at most so many are looked at.
const MOST: u64 = 1000;

/// Initiatives and challenges that are looked at, the latest of each: each is read whole.
const MOST_INITIATIVES: u64 = 100;

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// All day.
    Day(Date),
    /// At a time.
    At(Moment),
}

/// A date that stands in a partnership.
#[derive(Debug, Clone)]
pub(crate) struct Dated {
    /// Stays the same for the same date of the same thing.
    pub(crate) key: String,
    /// When.
    pub(crate) when: When,
    /// What, in a line.
    pub(crate) text: String,
    /// Path of the page that says more, below that of the partnership.
    pub(crate) path: String,
}

impl Dated {
    fn on(key: String, day: Date, text: String, path: String) -> Self {
        Self { key, when: When::Day(day), text, path }
    }

    /// The day in the calendar of UTC.
    fn day(&self) -> (Date, i64) {
        match self.when {
            When::Day(day) => (day, i64::MIN),
            When::At(at) => (at.date(), at.ms()),
        }
    }
}

/// The day before a moment that ends one.
fn last_day(end: Moment) -> Date {
    Moment::from_ms(end.ms().saturating_sub(1)).date()
}

/// Every date that stands in a partnership, the first first: its own, open commitments, decisions that
/// are talked about, voted on or looked at again, and objectives with their key results. What is over
/// is left out, what is late is not. Reads at most [`MOST`] of each kind.
///
/// # Errors
/// [`StoreError::NotFound`] for whoever is not in the room.
pub(crate) async fn dates(
    app: &App,
    room: &Room,
    by: Participant,
) -> Result<Vec<Dated>, StoreError> {
    let id = room.partnership.id;
    let mut all = own(&room.partnership);
    let asked = CommitmentsAsked::default();
    let open = app.store.commitments(id, &asked, MOST, by).await?;
    all.extend(open.iter().filter_map(|one| commitment(room, one)));
    for is_log in [false, true] {
        let query = DecisionQuery { is_log, text: None, before: None, limit: MOST };
        let found = app.store.joint_decisions(id, &query, by).await?;
        all.extend(found.iter().filter_map(decision));
    }
    let objectives = app.store.objectives(id, None, MOST, by).await?;
    let ids: Vec<_> = objectives.iter().map(|one| one.id).collect();
    let results = app.store.key_results(id, &ids, by).await?;
    all.extend(objectives.iter().filter_map(objective));
    all.extend(results.iter().filter_map(result));
    let pacts = app.store.pacts(id, None, MOST, by).await?;
    all.extend(pacts.iter().filter(|one| one.is_signed() && one.ended.is_none()).flat_map(pact));
    let initiatives = app.store.initiatives(id, None, MOST_INITIATIVES, by).await?;
    all.extend(initiatives.iter().filter(|one| one.ended.is_none()).flat_map(initiative));
    let challenges = app.store.challenges(id, None, MOST_INITIATIVES, by).await?;
    all.extend(challenges.iter().filter(|one| one.ended.is_none()).flat_map(challenge));
    all.sort_by(|a, b| a.day().cmp(&b.day()).then_with(|| a.key.cmp(&b.key)));
    Ok(all)
}

fn own(one: &Partnership) -> Vec<Dated> {
    let name = &one.name;
    let dates = [
        ("begins", one.begins.map(Moment::date), t!("dates-begins", name = name)),
        ("notice", one.notice.map(Moment::date), t!("dates-notice", name = name)),
        ("ends", one.ends.map(last_day), t!("dates-ends", name = name)),
    ];
    let dated = |(word, day, text): (&str, Option<Date>, String)| {
        day.map(|day| Dated::on(format!("{}-{word}", one.id), day, text, String::new()))
    };
    dates.into_iter().filter_map(dated).collect()
}

fn commitment(room: &Room, one: &Promised) -> Option<Dated> {
    let party = room.parties.iter().find(|(party, _)| party.id == one.new.party);
    let party = party.map_or("", |(party, _)| party.name.as_str());
    let text = t!("dates-commitment", text = one.new.text, party = party);
    let day = last_day(one.state.due?);
    Some(Dated::on(format!("{}-due", one.id), day, text, "/commitments".to_owned()))
}

fn decision(one: &JointDecision) -> Option<Dated> {
    let (id, question) = (one.id, &one.question);
    let path = format!("/decisions/{id}");
    let at = |word: &str, at: Moment, text: String| Dated {
        key: format!("{id}-{word}"),
        when: When::At(at),
        text,
        path: path.clone(),
    };
    match one.stage {
        Stage::Discuss => {
            let ends = one.discuss_until?;
            Some(at("talk", ends, t!("dates-talk-ends", question = question)))
        }
        Stage::Decide if one.verdict.is_none() => {
            let closes = one.closes_at?;
            Some(at("vote", closes, t!("dates-vote-ends", question = question)))
        }
        Stage::Review => {
            let (day, text) =
                (one.outcome.review_on?.date(), t!("dates-review", question = question));
            Some(Dated::on(format!("{id}-review"), day, text, path))
        }
        _ => None,
    }
}

fn pact(one: &Pact) -> impl Iterator<Item = Dated> + use<> {
    let (id, title) = (one.id, &one.draft.title);
    let dates = [
        ("notice", one.draft.notice.map(Moment::date), t!("pacts-date-notice", title = title)),
        ("ends", one.draft.ends.map(last_day), t!("pacts-date-ends", title = title)),
    ];
    dates.into_iter().filter_map(move |(word, day, text)| {
        Some(Dated::on(format!("{id}-{word}"), day?, text, format!("/pacts/{id}")))
    })
}

/// The last day of an initiative, and those of its milestones; those of its tasks are commitments.
fn initiative(one: &Initiative) -> Vec<Dated> {
    let (id, title) = (one.id, &one.draft.title);
    let path = format!("/initiatives/{id}");
    let ends = one.draft.ends.map(|ends| {
        let text = t!("initiatives-date-ends", title = title);
        Dated::on(format!("{id}-ends"), last_day(ends), text, path.clone())
    });
    let milestones = one.tasks.iter().filter(|task| task.is_milestone() && task.done.is_none());
    let milestones = milestones.filter_map(|task| {
        let of = &one.draft.title;
        let text = t!("initiatives-date-milestone", of = of, title = task.draft.title);
        Some(Dated::on(format!("{}-due", task.id), last_day(task.draft.due?), text, path.clone()))
    });
    ends.into_iter().chain(milestones).collect()
}

/// The last days of trials of which nobody said what they showed.
fn challenge(one: &Challenge) -> Vec<Dated> {
    let path = format!("/challenges/{}", one.id);
    let open = one.trials.iter().filter(|trial| trial.shown.is_none());
    let dated = open.filter_map(|trial| {
        let text = t!("challenges-date-ends", trial = trial.draft.text.as_str());
        let (key, day) = (format!("{}-ends", trial.id), last_day(trial.draft.ends?));
        Some(Dated::on(key, day, text, path.clone()))
    });
    dated.collect()
}

fn objective(one: &Objective) -> Option<Dated> {
    let day = last_day(one.draft.ends?);
    let text = t!("dates-objective", title = one.draft.title);
    Some(Dated::on(format!("{}-ends", one.id), day, text, format!("/okr/{}", one.id)))
}

fn result(one: &KeyResult) -> Option<Dated> {
    let day = last_day(one.draft.due?);
    let text = t!("dates-result", metric = one.draft.metric);
    Some(Dated::on(format!("{}-due", one.id), day, text, format!("/okr/results/{}", one.id)))
}

/// The calendar as text (RFC 5545): an event for each date, that keeps its id when its date changes.
/// `now`: when it was made.
pub(crate) fn calendar(name: &str, dates: &[Dated], now: Moment) -> String {
    let mut calendar = Calendar::default();
    calendar.properties.retain(|property| property.key() != "PRODID");
    calendar.append_property(("PRODID", "-//Tieline//Partnership dates//EN"));
    calendar.name(&one_line(name));
    calendar.extend(dates.iter().map(|one| event(one, now)));
    calendar.to_string()
}

fn event(one: &Dated, now: Moment) -> Event {
    let starts = match one.when {
        When::Day(day) => Property::new("DTSTART", day.strftime("%Y%m%d").to_string())
            .append_parameter(Parameter::new("VALUE", "DATE"))
            .done(),
        When::At(at) => Property::new("DTSTART", utc(at)),
    };
    Event::new()
        .add_property("UID", format!("{}@tieline", one.key))
        .add_property("DTSTAMP", utc(now))
        .append_property(starts)
        .add_property("SUMMARY", one_line(&one.text))
        // A date is no time that anyone is busy.
        .add_property("TRANSP", "TRANSPARENT")
        .done()
}

/// What people wrote may hold any sign; a line of a calendar ends at the first that ends one.
fn one_line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

fn utc(at: Moment) -> String {
    at.timestamp().to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
