//! A partnership as one document, and its dates as a calendar to subscribe to.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::caller::{Caller, Subscriber};
use super::error::ApiError;
use super::partnerships::{list_seats, participant, room_of, show_partnership};
use super::reads::Answer;
use super::types::{
    AfterAsked, CharterAsked, CommitmentsWanted, DecisionsAsked, ExpertsWanted, HeardWanted,
    LessonsSeen, Paging, PartnershipWhole, Portion, Refused, ResourcesWanted, SeatsAsked, time,
};
use super::{
    cases, challenges, charters, commitments, decisions, expertise, initiatives, ledger, listening,
    objectives, pacts, resources,
};
use crate::app::App;
use crate::dates::{calendar, dates};
use crate::pages::brief::calendar_file;
use crate::session;

/// What the document calls itself; another number where a reader of the one before would be wrong.
const FORMAT: &str = "tieline-partnership-1";

/// What is in nobody's document.
const LEFT_OUT: [&str; 4] = [
    "conflict cases: they are of those in them; what was learnt is in `lessons`",
    "ballots: nobody reads them; what they came to is with each decision",
    "stakeholders: those of a partnership are listed at /stakeholders",
    "bookings and links of guests",
];

/// Every item of a list that is read in portions, each with the cursor that the one before gave. No
/// function: a closure that borrows and waits cannot be told to be sent between threads.
macro_rules! every {
    ($cursor:ident => $read:expr) => {{
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let $cursor: Option<String> = next;
            let Json(portion) = $read?;
            items.extend(portion.items);
            next = portion.next;
            if next.is_none() {
                break items;
            }
        }
    }};
}

/// Everything of a partnership that all in the room may read, as one document. It reads what the single
/// lists read: for 500 decisions some 2,000 rows by key.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/export", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, body = PartnershipWhole), Refused))]
pub(crate) async fn export_partnership(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<PartnershipWhole> {
    let at = || (State(app.clone()), caller.clone(), Path(id.clone()));
    let (state, who, path) = at();
    let Json(partnership) = show_partnership(state, who, path).await?;
    let mut people = Vec::new();
    for party in &partnership.partnership.parties {
        people.extend(every!(cursor => {
            let ((state, who, path), party) = (at(), party.id.clone());
            list_seats(state, who, path, Ok(Query(SeatsAsked { party, cursor }))).await
        }));
    }
    let (state, who, path) = at();
    let charter =
        charters::show_charter(state, who, path, Ok(Query(CharterAsked::default()))).await;
    let charter = match charter {
        Ok(Json(charter)) => Some(charter),
        Err(ApiError::NotFound) => None,
        Err(other) => return Err(other),
    };
    let (state, who, path) = at();
    let Json(Portion { items: comments, .. }) = charters::list_comments(state, who, path).await?;
    let (state, who, path) = at();
    let Json(roles) = super::roles::list_roles(state, who, path).await?;
    let (state, who, path) = at();
    let Json(LessonsSeen { lessons }) = cases::list_lessons(state, who, path).await?;
    let lists = Lists { app: &app, caller: &caller, id: &id };
    Ok(Json(PartnershipWhole {
        format: FORMAT,
        made: time(session::now()),
        partnership,
        people,
        agreement: charter,
        comments,
        objectives: lists.objectives().await?,
        roles,
        decisions: lists.decisions().await?,
        commitments: lists.commitments().await?,
        resources: lists.resources().await?,
        expertise: lists.expertise().await?,
        ledger: lists.ledger().await?,
        challenges: lists.challenges().await?,
        initiatives: lists.initiatives().await?,
        pacts: lists.pacts().await?,
        listening: lists.listening().await?,
        lessons,
        left_out: LEFT_OUT.to_vec(),
    }))
}

/// Lists of a partnership, read to their ends.
struct Lists<'a> {
    app: &'a App,
    caller: &'a Caller,
    id: &'a str,
}

type At = (State<App>, Caller, Path<String>);

impl Lists<'_> {
    fn at(&self) -> At {
        (State(self.app.clone()), self.caller.clone(), Path(self.id.to_owned()))
    }

    async fn objectives(&self) -> Result<Vec<super::types::OkrSeen>, ApiError> {
        Ok(every!(cursor => {
            let ((state, who, path), after) = (self.at(), cursor.unwrap_or_default());
            objectives::list_okr(state, who, path, Ok(Query(AfterAsked { after }))).await
        }))
    }

    async fn decisions(&self) -> Result<Vec<super::types::DecisionFull>, ApiError> {
        let mut all = Vec::new();
        for log in [false, true] {
            let listed = every!(cursor => {
                let (state, who, path) = self.at();
                let asked = DecisionsAsked { log, q: None, cursor };
                decisions::list_decisions(state, who, path, Ok(Query(asked))).await
            });
            for one in listed {
                let (state, who, Path(id)) = self.at();
                all.push(decisions::show_decision(state, who, Path((id, one.id))).await?.0);
            }
        }
        Ok(all)
    }

    async fn commitments(&self) -> Result<Vec<super::types::CommitmentSeen>, ApiError> {
        let mut all = Vec::new();
        for ended in [false, true] {
            let listed = every!(cursor => {
                let (state, who, path) = self.at();
                let asked = CommitmentsWanted { ended, cursor, ..CommitmentsWanted::default() };
                commitments::list_commitments(state, who, path, Ok(Query(asked))).await
            });
            all.extend(listed);
        }
        Ok(all)
    }

    async fn resources(&self) -> Result<Vec<super::types::ResourceSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = ResourcesWanted { cursor, ..ResourcesWanted::default() };
            resources::list_resources(state, who, path, Ok(Query(asked))).await
        }))
    }

    async fn expertise(&self) -> Result<Vec<super::types::ExpertSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = ExpertsWanted { cursor, ..ExpertsWanted::default() };
            expertise::list_experts(state, who, path, Ok(Query(asked))).await
        }))
    }

    async fn ledger(&self) -> Result<Vec<super::types::GiftSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = Paging { cursor, limit: Some(200) };
            ledger::list_gifts(state, who, path, Ok(Query(asked))).await
        }))
    }

    async fn challenges(&self) -> Result<Vec<super::types::ChallengeSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = Paging { cursor, limit: Some(50) };
            challenges::list_challenges(state, who, path, Ok(Query(asked))).await
        }))
    }

    async fn initiatives(&self) -> Result<Vec<super::types::InitiativeSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = Paging { cursor, limit: Some(50) };
            initiatives::list_initiatives(state, who, path, Ok(Query(asked))).await
        }))
    }

    async fn pacts(&self) -> Result<Vec<super::types::PactFull>, ApiError> {
        let all = every!(cursor => {
            let (state, who, path) = self.at();
            let asked = Paging { cursor, limit: Some(200) };
            pacts::list_pacts(state, who, path, Ok(Query(asked))).await
        });
        let mut whole = Vec::with_capacity(all.len());
        for one in all {
            let (state, who, Path(id)) = self.at();
            let Json(one) = pacts::show_pact(state, who, Path((id, one.id))).await?;
            whole.push(one);
        }
        Ok(whole)
    }

    async fn listening(&self) -> Result<Vec<super::types::HeardSeen>, ApiError> {
        Ok(every!(cursor => {
            let (state, who, path) = self.at();
            let asked = HeardWanted { cursor, ..HeardWanted::default() };
            listening::list_heard(state, who, path, Ok(Query(asked))).await
        }))
    }
}

/// The dates that stand in a partnership as a calendar (RFC 5545) to subscribe to: its own, open
/// commitments, decisions, objectives. Calendar programs send the token as the password of any name
/// (Basic); `Authorization: Bearer` does as well.
#[utoipa::path(get, path = "/api/v1/partnerships/{id}/dates.ics", tag = "partnerships",
    params(("id" = String, Path, description = "id of a partnership")),
    responses((status = 200, content_type = "text/calendar", body = String), Refused))]
pub(crate) async fn partnership_dates(
    State(app): State<App>,
    Subscriber(caller): Subscriber,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let (id, by) = (room_of(&id)?, participant(&caller));
    let room = app.store.room(id, by).await?;
    let all = dates(&app, &room, by).await?;
    Ok(calendar_file(&calendar(&room.partnership.name, &all, session::now())))
}
