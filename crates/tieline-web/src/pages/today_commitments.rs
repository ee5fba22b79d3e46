//! Commitments that wait for the viewer, on Today.

use tieline_store::CommitmentDue;

use super::today_view::Need;
use crate::app::App;
use crate::assets::icons;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::room::participant;
use crate::session;

/// What the viewer sees to and is due within a week or late, and other days that their party answers.
pub(super) async fn due(app: &App, signed: &Signed, most: usize) -> Result<Vec<Need>, AppError> {
    let found = app.store.commitments_due(participant(signed), session::now(), most as u64).await?;
    Ok(found.iter().map(need).collect())
}

fn need(one: &CommitmentDue) -> Need {
    let (text, room, party) = (&*one.promised.new.text, &*one.room, &*one.party);
    let late = one.promised.new.due.filter(|due| *due <= session::now());
    let day = one.promised.new.due.map(here::until).unwrap_or_default();
    let asked = one.promised.asked.as_ref().filter(|_| one.is_asked);
    let (kind, title, told, why, label) = match (asked, late) {
        (Some(asked), _) => (
            "asked",
            t!("commitments-today-asked", text = text),
            t!(
                "commitments-today-asked-text",
                room = room,
                party = party,
                day = here::until(asked.due)
            ),
            t!("commitments-today-asked-why"),
            t!("commitments-today-answer"),
        ),
        (None, Some(_)) => (
            "late",
            t!("commitments-today-late", text = text),
            t!("commitments-today-text", room = room, party = party, day = day),
            t!("commitments-today-why"),
            t!("commitments-today-do"),
        ),
        (None, None) => (
            "due",
            t!("commitments-today-due", text = text),
            t!("commitments-today-text", room = room, party = party, day = day),
            t!("commitments-today-why"),
            t!("commitments-today-do"),
        ),
    };
    Need {
        // Put off, it comes again once it is late, or another day is asked for.
        item: format!("commitment:{}:{kind}", one.promised.id),
        icon: icons::CHECK,
        tone: "w",
        title,
        text: told,
        pill: None,
        why,
        label,
        href: format!("/partnerships/{}/commitments", one.partnership),
    }
}
