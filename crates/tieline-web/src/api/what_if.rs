//! What-ifs for programs, under the rules of the page.

use axum::Json;
use axum::extract::State;
use tieline_insight::{Rehearsal, RehearsalError, View, WhatIf, without};
use tieline_model::id::ActorId;

use super::caller::Caller;
use super::error::ApiError;
use super::network::asked_for;
use super::reads::{Answer, Asked, invalid, may_read};
use super::types::{GapChangeSeen, NetworkAsked, NumberChange, Refused, WhatIfAsked, WhatIfSeen};
use crate::app::App;
use crate::error::AppError;
use crate::pages::what_if::{meeting, merging};

/// What would change if someone left, two people had a tie, or two groups were one. Nothing is
/// saved. People: for accounts that see named findings, and for oneself.
#[utoipa::path(get, path = "/api/v1/network/what-if", tag = "network", params(WhatIfAsked, NetworkAsked), responses(
    (status = 200, body = WhatIfSeen), Refused))]
pub(crate) async fn what_if(
    State(app): State<App>,
    caller: Caller,
    asked: Asked<WhatIfAsked>,
    lens: Asked<NetworkAsked>,
) -> Answer<WhatIfSeen> {
    may_read(&caller)?;
    let tried = Tried::read(&caller, asked?.0)?;
    let snapshot = asked_for(&app, &caller, lens?.0).await?;
    let viewer = caller.viewer;
    let work = move || tried.answer(&snapshot.view(&viewer));
    Ok(Json(tokio::task::spawn_blocking(work).await.map_err(AppError::from)??))
}

enum Tried {
    Leaves(ActorId),
    Tie(ActorId, ActorId),
    Merger(String, String),
}

impl Tried {
    fn read(caller: &Caller, asked: WhatIfAsked) -> Result<Self, ApiError> {
        let person = |id: &str| id.parse::<ActorId>().map_err(|_| ApiError::NotFound);
        match asked {
            WhatIfAsked { without: Some(who), a: None, b: None, merge: None, with: None } => {
                let who = person(&who)?;
                let sees = caller.viewer.sees_named(who);
                if sees { Ok(Self::Leaves(who)) } else { Err(ApiError::NotFound) }
            }
            WhatIfAsked { without: None, a: Some(a), b: Some(b), merge: None, with: None } => {
                if !caller.viewer.sees_all_named() {
                    return Err(ApiError::NotFound);
                }
                Ok(Self::Tie(person(&a)?, person(&b)?))
            }
            WhatIfAsked { without: None, a: None, b: None, merge: Some(a), with: Some(b) } => {
                Ok(Self::Merger(a, b))
            }
            _ => Err(invalid("send without, or a and b, or merge and with")),
        }
    }

    fn answer(self, seen: &View<'_>) -> Result<WhatIfSeen, ApiError> {
        let refused = |why: RehearsalError| invalid(&why.to_string());
        match self {
            Self::Leaves(who) => {
                let node = seen.network().node_of(who).ok_or(ApiError::NotFound)?;
                Ok(without(seen, &[node]).into())
            }
            Self::Tie(a, b) => Ok(meeting(seen, (a, b)).map_err(refused)?.into()),
            Self::Merger(a, b) => Ok(merging(seen, &a, &b).map_err(refused)?.into()),
        }
    }
}

impl From<Rehearsal> for WhatIfSeen {
    fn from(found: Rehearsal) -> Self {
        let numbers = found.changes.into_iter().map(|one| NumberChange {
            name: one.name,
            before: one.before,
            after: one.after,
        });
        let gaps = found.gaps.into_iter().map(|one| GapChangeSeen {
            a: one.group_a,
            b: one.group_b,
            before: one.before,
            after: one.after,
        });
        Self {
            numbers: numbers.collect(),
            gaps: gaps.collect(),
            lost_links: Vec::new(),
            note: found.note.to_owned(),
        }
    }
}

impl From<WhatIf> for WhatIfSeen {
    fn from(found: WhatIf) -> Self {
        let number = |name, before, after| NumberChange { name, before, after };
        let parts = |n: usize| Some(n as f64);
        Self {
            numbers: vec![
                number("Pairs who can reach each other", Some(1.0), Some(1.0 - found.pair_loss)),
                number(
                    "Separate parts",
                    parts(found.components_before),
                    parts(found.components_after),
                ),
                number("Steps apart", found.mean_steps_before, found.mean_steps_after),
                number("People left without a tie", parts(0), parts(found.newly_isolated.len())),
                number("Contacts elsewhere lost", parts(0), parts(found.orphaned_contacts)),
            ],
            gaps: Vec::new(),
            lost_links: found.lost_links.into_iter().map(|(a, b)| [a, b]).collect(),
            note: found.sentence,
        }
    }
}
