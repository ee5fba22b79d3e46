//! Voting: ballots as forms bring them, passing a vote on, objections, reminders, and the count.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_model::decision::Ballot;
use tieline_model::decision::ballot::{Consent, Gradient, ObjectionState, Vote};
use tieline_model::decision::{Method, MethodKind};
use tieline_model::id::{AccountId, BallotId, DecisionId, OptionId, PartnershipId, VoterId};
use tieline_model::job::{Job, Letter};
use tieline_store::{Constraint, DecisionOption, NewBallot, StoreError, Taken, Tx};

use super::decision::{SayForm, again, gate_faults, to_decision};
use super::decision_words::ballot_fault;
use super::decisions::decision_of;
use super::form::Fault;
use super::partnerships::MAX_ABOUT;
use super::subject::within;
use crate::app::App;
use crate::error::AppError;
use crate::page::page;
use crate::room::InRoom;
use crate::session::Secret;
use crate::shell::Shell;

/// What a form says about a field, in the order in which it came.
pub(super) type Fields = Vec<(String, String)>;

pub(super) fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim()).unwrap_or_default()
}

/// The ballot that a form brings.
fn ballot(
    method: &Method,
    options: &[DecisionOption],
    fields: &Fields,
    faults: &mut Vec<Fault>,
) -> Option<Ballot> {
    let says = value(fields, "says");
    let reason = || value(fields, "reason").to_owned();
    let ballot = match method.kind() {
        MethodKind::Consent => match says {
            "consents" => Some(Ballot::Consent(Consent::Consents)),
            "concern" => Some(Ballot::Consent(Consent::Concern { reason: reason() })),
            "objection" => {
                let state = ObjectionState::Raised;
                Some(Ballot::Consent(Consent::Objection { reason: reason(), state }))
            }
            "abstains" => Some(Ballot::Consent(Consent::Abstains)),
            _ => None,
        },
        MethodKind::Gradients => {
            says.parse().ok().and_then(Gradient::from_level).map(Ballot::Gradient)
        }
        MethodKind::Majority => Vote::from_name(says).map(Ballot::Majority),
        MethodKind::Approval => {
            let named = fields.iter().filter(|(name, _)| name == "approved");
            let ids: Option<Vec<OptionId>> = named.map(|(_, id)| id.parse().ok()).collect();
            ids.map(Ballot::Approval)
        }
        MethodKind::Score => unsigned(options, fields).map(Ballot::Score),
        MethodKind::Dot => unsigned(options, fields).map(Ballot::Dot),
        MethodKind::Quadratic => {
            let whole = numbers(options, fields)?.into_iter();
            let fits = whole.map(|(id, n)| Some((id, i32::try_from(n).ok()?)));
            fits.collect::<Option<_>>().map(Ballot::Quadratic)
        }
        MethodKind::Ranked => numbers(options, fields).map(tiers),
    };
    if ballot.is_none() {
        faults.push(Fault::new("ballot", t!("decisions-ballot-unreadable")));
    }
    within("ballot", value(fields, "reason"), MAX_ABOUT, faults);
    ballot.filter(|_| faults.is_empty())
}

/// Numbers of a ballot; an option without one is left out. `None` where one is no number.
fn numbers(options: &[DecisionOption], fields: &Fields) -> Option<Vec<(OptionId, i64)>> {
    let mut all = Vec::new();
    for option in options {
        match value(fields, &format!("option-{}", option.id)) {
            "" => {}
            text => all.push((option.id, text.parse().ok()?)),
        }
    }
    Some(all)
}

fn unsigned(options: &[DecisionOption], fields: &Fields) -> Option<Vec<(OptionId, u32)>> {
    let all = numbers(options, fields)?.into_iter();
    all.map(|(id, n)| Some((id, u32::try_from(n).ok()?))).collect()
}

/// Options by their places, those with the same place together.
fn tiers(mut places: Vec<(OptionId, i64)>) -> Ballot {
    places.sort_by_key(|(_, place)| *place);
    let tiers = places.chunk_by(|a, b| a.1 == b.1);
    Ballot::Ranked(tiers.map(|tier| tier.iter().map(|(id, _)| *id).collect()).collect())
}

/// A secret with what the store needs of it.
pub(crate) struct Fresh {
    pub(crate) secret: Secret,
    pub(crate) random: [u8; 16],
}

impl Fresh {
    /// From the randomness of the system.
    pub(crate) fn new() -> Result<Self, AppError> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Self { secret: Secret::new()?, random })
    }
}

/// Thirty-two bytes from the randomness of the system, for a tie-break.
pub(crate) fn nonce() -> Result<[u8; 32], AppError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(bytes)
}

#[derive(Template)]
#[template(path = "decision_token.html")]
struct TokenPage {
    shell: Shell,
    back: String,
    question: String,
    token: String,
}

/// `POST /partnerships/{id}/decisions/{decision}/ballot`.
pub(crate) async fn cast(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let (one, options) = decision_of(&app, &room, &id).await?;
    let voter: VoterId = value(&fields, "voter").parse().map_err(|_| AppError::NotFound)?;
    let mut faults = Vec::new();
    let Some(ballot) = ballot(&one.rules.method, &options, &fields, &mut faults) else {
        return again(&app, &room, &id, (SayForm::default(), faults)).await;
    };
    let fresh = Fresh::new()?;
    let token = Some(value(&fields, "token")).filter(|token| !token.is_empty());
    let token = token.map(|token| Secret::given(token).hash());
    let new = NewBallot {
        voter,
        ballot: &ballot,
        token: token.as_deref(),
        random: fresh.random,
        fresh: &fresh.secret.hash(),
    };
    let tx = room.begin(&app).await?;
    match tx.cast_ballot((room.id(), one.id), &new, room.by).await {
        Ok(Taken::Sealed) => {
            tx.commit().await?;
            page(&TokenPage {
                shell: room.shell(&app),
                back: format!("{}/decisions/{id}", room.base()),
                question: one.question,
                token: fresh.secret.text().to_owned(),
            })
        }
        Ok(Taken::Named | Taken::Changed) => {
            tx.commit().await?;
            Ok(to_decision(&room, &id, "voted"))
        }
        Err(error) => {
            tx.rollback().await?;
            refused(&app, &room, &id, error).await
        }
    }
}

/// The page again, with what a poll does not take.
async fn refused(
    app: &App,
    room: &InRoom,
    id: &str,
    error: StoreError,
) -> Result<Response, AppError> {
    let faults = match error {
        StoreError::Conflict(Constraint::Ballot(error)) => {
            vec![Fault::new("ballot", ballot_fault(&error))]
        }
        StoreError::Conflict(Constraint::Cast) => {
            vec![Fault::new("ballot", t!("decisions-ballot-token"))]
        }
        StoreError::Conflict(Constraint::PollClosed) => {
            vec![Fault::new("poll", t!("decisions-poll-over"))]
        }
        StoreError::Conflict(Constraint::Undecided(gates)) => gate_faults(gates),
        error => return Err(error.into()),
    };
    again(app, room, id, (SayForm::default(), faults)).await
}

/// Does one verb on a decision, and leads back to it.
async fn done(
    (app, room, id): (&App, &InRoom, &str),
    word: &str,
    verb: impl AsyncFnOnce(&Tx, (PartnershipId, DecisionId)) -> Result<(), StoreError>,
) -> Result<Response, AppError> {
    let (one, _) = decision_of(app, room, id).await?;
    let tx = room.begin(app).await?;
    match verb(&tx, (room.id(), one.id)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(to_decision(room, id, word))
        }
        Err(error) => {
            tx.rollback().await?;
            refused(app, room, id, error).await
        }
    }
}

/// What the form of a vote that is passed on brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PassForm {
    voter: String,
    /// Empty: to nobody.
    to: String,
}

/// `POST /partnerships/{id}/decisions/{decision}/delegation`.
pub(crate) async fn pass(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<PassForm>,
) -> Result<Response, AppError> {
    let vote = |text: &str| text.parse::<VoterId>().map_err(|_| AppError::NotFound);
    let to = Some(form.to.as_str()).filter(|to| !to.is_empty()).map(vote).transpose()?;
    let from = vote(&form.voter)?;
    done((&app, &room, &id), "passed", async |tx, at| tx.pass_vote(at, (from, to), room.by).await)
        .await
}

/// What the answer to an objection brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerForm {
    state: String,
}

/// `POST /partnerships/{id}/decisions/{decision}/objections/{ballot}`.
pub(crate) async fn answer(
    State(app): State<App>,
    room: InRoom,
    Path((_, id, ballot)): Path<(String, String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, AppError> {
    let ballot: BallotId = ballot.parse().map_err(|_| AppError::NotFound)?;
    let state = ObjectionState::from_name(&form.state).ok_or(AppError::NotFound)?;
    done((&app, &room, &id), "answered-objection", async |tx, (id, decision)| {
        tx.answer_objection((id, decision, ballot), state, room.by).await
    })
    .await
}

/// Asks for letters to those who have not voted, where mail can be sent.
pub(crate) async fn remind(
    app: &App,
    tx: &Tx,
    decision: DecisionId,
    (accounts, by): (&[AccountId], Option<AccountId>),
) -> Result<(), StoreError> {
    for account in accounts.iter().filter(|_| app.settings.mails) {
        let letter = Letter::Vote { account: *account, decision };
        tx.enqueue(&Job::Mail { letter }, by, None).await?;
    }
    Ok(())
}

/// `POST /partnerships/{id}/decisions/{decision}/reminders`.
pub(crate) async fn reminders(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let word = if app.settings.mails { "reminded-mail" } else { "reminded" };
    done((&app, &room, &id), word, async |tx, at| {
        let accounts = tx.remind_voters(at, room.by).await?;
        remind(&app, tx, at.1, (&accounts, room.by.account())).await
    })
    .await
}

/// What the form of a closure brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CloseForm {
    early: String,
}

/// `POST /partnerships/{id}/decisions/{decision}/closure`.
pub(crate) async fn close(
    State(app): State<App>,
    room: InRoom,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<CloseForm>,
) -> Result<Response, AppError> {
    let early = form.early == "on";
    done((&app, &room, &id), "counted", async |tx, at| {
        tx.close_poll(at, early, room.by).await.map(drop)
    })
    .await
}
