//! Who stands at a conflict case: whoever is in the room of its partnership, or a mediator who was
//! called from outside and sees nothing else of it.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use axum::http::request::Parts;
use tieline_model::id::{CaseId, PartnershipId};
use tieline_model::room::Participant;
use tieline_store::{ConflictCase, Tx};

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::room::{InRoom, participant};
use crate::shell::{Place, Shell};

/// Someone who may be in a case of a partnership. The store says whether they are.
pub(crate) struct Visitor {
    /// The partnership of the path.
    pub(crate) id: PartnershipId,
    /// Who asks.
    pub(crate) by: Participant,
    door: Door,
}

enum Door {
    Room(Box<InRoom>),
    Called(Box<Signed>),
}

/// Someone in the case of the path: to anyone else it does not exist.
pub(crate) struct AtCase {
    /// Who asks.
    pub(crate) who: Visitor,
    /// The case.
    pub(crate) case: ConflictCase,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        match InRoom::from_request_parts(parts, app).await {
            Ok(room) => {
                let (id, by) = (room.id(), room.by);
                Ok(Self { id, by, door: Door::Room(Box::new(room)) })
            }
            Err(AppError::NotFound) => {
                let signed =
                    <Signed as OptionalFromRequestParts<App>>::from_request_parts(parts, app);
                let signed = signed.await?.ok_or(AppError::NotFound)?;
                let id = param(parts, app, "id").await?;
                let id: PartnershipId = id.parse().map_err(|_| AppError::NotFound)?;
                let by = participant(&signed);
                Ok(Self { id, by, door: Door::Called(Box::new(signed)) })
            }
            Err(error) => Err(error),
        }
    }
}

impl FromRequestParts<App> for AtCase {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let who = Visitor::from_request_parts(parts, app).await?;
        let case = param(parts, app, "case").await?;
        let case: CaseId = case.parse().map_err(|_| AppError::NotFound)?;
        let case = app.store.case((who.id, case), who.by).await?;
        Ok(Self { who, case })
    }
}

async fn param(parts: &mut Parts, app: &App, wanted: &str) -> Result<String, AppError> {
    let params = RawPathParams::from_request_parts(parts, app).await;
    let params = params.map_err(|_| AppError::NotFound)?;
    let found = params.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, value)| value.to_owned()).ok_or(AppError::NotFound)
}

impl Visitor {
    /// The room, for those who are in it.
    pub(crate) fn room(&self) -> Option<&InRoom> {
        match &self.door {
            Door::Room(room) => Some(room),
            Door::Called(_) => None,
        }
    }

    /// Who signed in.
    pub(crate) fn signed(&self) -> Option<&Signed> {
        match &self.door {
            Door::Room(room) => room.signed(),
            Door::Called(signed) => Some(signed),
        }
    }

    /// What surrounds the page.
    pub(crate) fn shell(&self, app: &App) -> Shell {
        match &self.door {
            Door::Room(room) => room.shell(app),
            Door::Called(signed) => Shell::new(app, signed, Place::Partnerships),
        }
    }

    /// Where the pages of the partnership are.
    pub(crate) fn base(&self) -> String {
        format!("/partnerships/{}", self.id)
    }

    /// Where a case of it is.
    pub(crate) fn path_of(&self, case: CaseId) -> String {
        format!("{}/conflicts/{case}", self.base())
    }

    /// A transaction in which they do something.
    pub(crate) async fn begin(&self, app: &App) -> Result<Tx, AppError> {
        Ok(app.store.begin_in_room(self.by).await?)
    }
}

impl AtCase {
    /// Where the case is.
    pub(crate) fn path(&self) -> String {
        self.who.path_of(self.case.id)
    }

    /// Partnership and case.
    pub(crate) fn at(&self) -> (PartnershipId, CaseId) {
        (self.who.id, self.case.id)
    }
}
