//! Keeping in touch: how often the viewer wants to be in touch with someone, set by hand or learned
//! from their contacts, and when the next one is due. Anyone's contact that the viewer may read of
//! counts.

use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use tieline_model::id::ActorId;
use tieline_model::time::Moment;
use tieline_store::Person;

use super::subject::subject;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::here;
use crate::session;
use crate::snapshot::Snapshot;

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RhythmForm {
    /// Days; empty: as they usually are.
    days: String,
}

/// `POST /people/{id}/rhythm`.
pub(crate) async fn save(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<RhythmForm>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let days = match form.days.trim() {
        "" => None,
        text => match text.parse::<u64>() {
            Ok(days @ 1..=3650) => Some(days),
            _ => {
                let why = t!("error-rhythm");
                return Err(AppError::BadRequest(why.to_owned()));
            }
        },
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.set_rhythm(signed.viewer.account, &person.actor.addresses, days).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people/{}?done=saved", person.actor.id)))
}

/// The rhythm that the viewer set with a person, days.
pub(crate) async fn of(
    app: &App,
    signed: &Signed,
    person: &Person,
) -> Result<Option<u64>, AppError> {
    let set = app.store.rhythms(signed.viewer.account).await?;
    let found = set.iter().find(|one| person.actor.addresses.contains(&one.who));
    Ok(found.map(|one| one.days))
}

/// The last contact of the viewer and a person: in the network, or logged since it was built.
pub(crate) async fn last_contact(
    app: &App,
    snapshot: Option<&Snapshot>,
    signed: &Signed,
    person: &Person,
) -> Result<Option<Moment>, AppError> {
    let viewer = &signed.viewer;
    let of = &person.actor.addresses;
    // Anyone's contact counts that the viewer may read of.
    let reads = viewer.may_read();
    let logged = app.store.contacts_about(of, viewer.account, reads, None, 1).await?;
    let seen = snapshot.and_then(|snapshot| {
        let me = snapshot.network.node_of(viewer.actor?)?;
        let them = snapshot.network.node_of(person.actor.id)?;
        Some(snapshot.network.pair(me, them)?.contact.as_ref()?.last)
    });
    Ok(logged.first().map(|contact| contact.at).max(seen))
}

/// When the next contact is due by the rhythm that the viewer set, in a sentence.
pub(crate) async fn due(
    app: &App,
    snapshot: Option<&Snapshot>,
    (signed, person): (&Signed, &Person),
    days: Option<u64>,
) -> Result<Option<String>, AppError> {
    let Some(days) = days else { return Ok(None) };
    let last = last_contact(app, snapshot, signed, person).await?;
    Ok(Some(words(last, days, session::now())))
}

fn words(last: Option<Moment>, days: u64, now: Moment) -> String {
    let Some(last) = last else {
        return t!("people-due-unknown");
    };
    let left = days as f64 - now.days_since(last);
    let whole = left.abs().round() as u64;
    match (left >= 0.0, whole) {
        (_, 0) => t!("people-due-today"),
        (true, n) => t!("people-due-in", n = n),
        (false, n) => t!("people-overdue", n = n, last = here::date(last)),
    }
}

/// Someone with whom a contact is due by the rhythm that the viewer set.
pub(crate) struct Overdue {
    /// Who.
    pub(crate) id: ActorId,
    /// Their name.
    pub(crate) name: String,
    /// The rhythm, days.
    pub(crate) days: u64,
    /// Days since the last contact.
    pub(crate) gap: f64,
}

/// Everyone with whom a contact is due, the longest overdue first.
pub(crate) async fn overdue(
    app: &App,
    signed: &Signed,
    snapshot: &Snapshot,
    now: Moment,
) -> Result<Vec<Overdue>, AppError> {
    let mut found = Vec::new();
    for set in app.store.rhythms(signed.viewer.account).await? {
        let Some(id) = app.store.actor_of(set.who).await? else { continue };
        let person = app.store.person(id).await?;
        let last = last_contact(app, Some(snapshot), signed, &person).await?;
        let Some(gap) = last.map(|last| now.days_since(last)) else { continue };
        if gap > set.days as f64 {
            found.push(Overdue { id, name: person.actor.name, days: set.days, gap });
        }
    }
    found.sort_by(|a, b| (b.gap / b.days as f64).total_cmp(&(a.gap / a.days as f64)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_model::time::DAY_MS;

    #[test]
    fn a_rhythm_counts_from_the_last_contact() {
        let check = |ago: Option<i64>, text: &str| {
            let now = Moment::from_ms(1_000 * DAY_MS);
            let last = ago.map(|days| Moment::from_ms((1_000 - days) * DAY_MS));
            assert_eq!(words(last, 14, now), text);
        };
        check(Some(4), "The next contact is due in 10 days.");
        check(Some(14), "The next contact is due today.");
        check(Some(15), "A contact is 1 day overdue: the last was on 12 September 1972.");
        check(None, "No contact is known yet: any day is a good one.");
    }
}
