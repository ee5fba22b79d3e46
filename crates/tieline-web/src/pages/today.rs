//! Today: the most useful thing to know, what needs the viewer, what is worth doing, the pulse.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use super::nothing::nothing;
use super::partnerships::{Listed, listed};
use super::today_view as view;
use super::today_view::{Lead, Need, Stat, Worth};
use crate::app::App;
use crate::error::{AppError, encode};
use crate::extract::{Member, Signed};
use crate::here;
use crate::page::page;
use crate::room::participant;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    day: String,
    waiting: String,
    lead: Option<Lead>,
    nothing: String,
    needs: Vec<Need>,
    worth: Vec<Worth>,
    more: Vec<Lead>,
    stats: Vec<Stat>,
    partnerships: Vec<Listed>,
    pulse_sentence: String,
    rests_on: String,
    built: String,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "today_guest.html")]
struct GuestPage {
    shell: Shell,
    greeting: String,
    needs: Vec<Need>,
    partnerships: Vec<Listed>,
}

/// `GET /`. Findings are for members; guests see what a partnership shares with them.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let shell = Shell::new(&app, &signed, Place::Today).with_toast(done.toast());
    let zone = &signed.account.time_zone;
    let greeting = view::greeting(&signed.account.name, show::hour(session::now(), zone));
    if !signed.viewer.may_read() {
        let partnerships = mine(&app, &signed).await?;
        let mut needs = view::decisions(&app, &signed).await?;
        needs.extend(view::mentions(&app, &signed).await?);
        return page(&GuestPage { shell, greeting, needs, partnerships });
    }
    let Some(snapshot) = app.live.get() else {
        return if app.live.is_starting() {
            nothing(&app, shell)
        } else {
            page(&WelcomePage { shell })
        };
    };
    let now = session::now();
    let put_off = app.store.snoozes(signed.viewer.account, now).await?;
    let needs = view::needs(&app, &signed, &snapshot, &put_off).await?;
    let mut told = view::told(&snapshot, &signed.viewer).into_iter();
    page(&TodayPage {
        greeting,
        day: here::weekday(now, zone),
        waiting: view::waiting(needs.len()),
        lead: told.next(),
        nothing: t!("today-nothing-stands"),
        needs,
        worth: view::worth(&app, &signed, &snapshot, &put_off).await?,
        more: told.collect(),
        stats: view::stats(&snapshot),
        partnerships: mine(&app, &signed).await?,
        pulse_sentence: view::pulse_sentence(&snapshot),
        rests_on: view::rests_on(&snapshot),
        built: t!("today-computed", ago = show::ago(snapshot.built, now)),
        shell,
    })
}

/// Partnerships that Today lists.
const MOST_PARTNERSHIPS: u64 = 5;

/// The viewer's partnerships, the newest first.
async fn mine(app: &App, signed: &Signed) -> Result<Vec<Listed>, AppError> {
    let all = app.store.partnerships(participant(signed), MOST_PARTNERSHIPS).await?;
    Ok(all.iter().map(|row| listed(row, session::now())).collect())
}

/// Days for which something is put off.
pub(crate) const PUT_OFF_DAYS: f64 = 14.0;

/// Longest key of something that can be put off, bytes.
pub(crate) const MAX_ITEM: usize = 500;

/// What is put off.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PutOff {
    item: String,
}

/// `POST /snoozes`: something on Today is put off.
pub(crate) async fn put_off(
    State(app): State<App>,
    Member(signed): Member,
    Form(PutOff { item }): Form<PutOff>,
) -> Result<Redirect, AppError> {
    if item.is_empty() || item.len() > MAX_ITEM || item.contains('\0') {
        return Err(AppError::BadRequest(t!("error-nothing-to-put-off")));
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let until = session::now().plus_days(PUT_OFF_DAYS);
    tx.snooze(signed.viewer.account, &item, until).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/?done=snoozed&undo={}", encode(&item))))
}

/// `POST /snoozes/{item}/end`.
pub(crate) async fn show_again(
    State(app): State<App>,
    Member(signed): Member,
    Path(item): Path<String>,
) -> Result<Redirect, AppError> {
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.end_snooze(signed.viewer.account, &item).await?;
    tx.commit().await?;
    Ok(Redirect::to("/?done=snooze-ended"))
}
