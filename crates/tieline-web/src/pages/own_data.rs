//! A person's own data: what is held, what others see of it, a copy, a correction, the end of it.
//! For whoever signed in and is that person, and for whoever holds a link that a steward made.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Form, FromRequestParts, Path, Query, RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::access::{TieConsent, Visibility};
use tieline_model::id::{AccountId, ActorId, AddressId};
use tieline_model::interaction::Interaction;
use tieline_model::job::{Job, Letter};
use tieline_store::{Link, LinkPurpose, NewNote, Person, Tx};

use super::form::{Fault, fault_of};
use super::own_data_held::{Held, held};
use crate::api::types::time;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::page::page;
use crate::session::{self, Secret};
use crate::shell::{Outside, Place, Shell};

/// Days that a link works.
const LINK_DAYS: f64 = 30.0;

/// Longest wish, characters.
const MAX_WISH: usize = 1_000;

/// The person that a request is about, proved by a session or by a link.
struct Subject {
    person: Person,
    /// Where the page is, for its forms.
    base: String,
    door: Door,
}

/// How the person came in.
enum Door {
    Account(Box<Signed>),
    /// Who made the link.
    Link(AccountId),
}

impl FromRequestParts<App> for Subject {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(|_| AppError::NotFound)?;
        let secret = params.iter().find(|(name, _)| *name == "secret");
        if let Some((_, secret)) = secret {
            return by_link(app, secret).await;
        }
        let signed = <Signed as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let actor = signed.viewer.actor.ok_or(AppError::NotFound)?;
        let person = app.store.person(actor).await?;
        Ok(Self { person, base: "/me/data".to_owned(), door: Door::Account(Box::new(signed)) })
    }
}

/// Whoever holds the link; it may be opened until it expires.
async fn by_link(app: &App, secret: &str) -> Result<Subject, AppError> {
    let found = app.store.link(&Secret::given(secret).hash(), session::now()).await?;
    let link = found.filter(|link| link.purpose == LinkPurpose::OwnData);
    let held = link.and_then(|link| link.address.zip(link.account)).ok_or(AppError::NotFound)?;
    let (address, maker) = held;
    let actor = app.store.actor_of(address).await?.ok_or(AppError::NotFound)?;
    let person = app.store.person(actor).await?;
    let base = format!("/own-data/{}", crate::error::encode(secret));
    Ok(Subject { person, base, door: Door::Link(maker) })
}

impl Subject {
    /// A transaction in which they do something.
    async fn begin(&self, app: &App) -> Result<Tx, AppError> {
        Ok(match self.by() {
            Some(account) => app.store.begin_by(account).await?,
            None => app.store.begin().await?,
        })
    }

    /// Who is noted as having set something; nobody for a link.
    fn by(&self) -> Option<AccountId> {
        match &self.door {
            Door::Account(signed) => Some(signed.viewer.account),
            Door::Link(_) => None,
        }
    }
}

// The page and what it does, wherever the person comes in.
crate::routes::routes! { ROUTES routes {
    "/" => GET show;
    "/consent" => POST consent;
    "/wish" => POST wish;
    "/erase" => POST erase;
    "/export.json" => GET export;
    "/interactions.csv" => GET interactions;
} }

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
}

#[derive(Template)]
#[template(path = "own_data.html")]
struct OwnPage {
    shell: Shell,
    base: String,
    held: Held,
    wish: String,
    wish_reader: String,
    faults: Vec<Fault>,
    done: String,
}

#[derive(Template)]
#[template(path = "own_data_link.html")]
struct LinkPage {
    outside: Outside,
    workspace: String,
    base: String,
    held: Held,
    wish: String,
    wish_reader: String,
    faults: Vec<Fault>,
    done: String,
}

/// `GET /me/data` and `GET /own-data/{secret}`.
async fn show(
    State(app): State<App>,
    subject: Subject,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let done = match asked.done.as_str() {
        "consent" => t!("settings-own-saved"),
        "wish" => t!("settings-own-wish"),
        "erase" => t!("settings-own-erase"),
        _ => String::new(),
    };
    shown(&app, subject, String::new(), Vec::new(), done).await
}

async fn shown(
    app: &App,
    subject: Subject,
    wish: String,
    faults: Vec<Fault>,
    done: String,
) -> Result<Response, AppError> {
    let held = held(app, &subject.person).await?;
    let base = subject.base;
    match subject.door {
        Door::Account(signed) => {
            let shell = Shell::new(app, &signed, Place::Settings);
            let wish_reader = t!("settings-wish-members");
            page(&OwnPage { shell, base, held, wish, wish_reader, faults, done })
        }
        Door::Link(_) => {
            let workspace = app.settings.workspace.clone();
            let wish_reader = t!("settings-wish-steward");
            let outside = Outside;
            page(&LinkPage { outside, workspace, base, held, wish, wish_reader, faults, done })
        }
    }
}

/// What others may see.
#[derive(Debug, Deserialize)]
struct ConsentForm {
    ties: String,
    /// Present when ticked.
    #[serde(default)]
    off_map: Option<String>,
}

/// `POST .../consent`.
async fn consent(
    State(app): State<App>,
    subject: Subject,
    Form(form): Form<ConsentForm>,
) -> Result<Response, AppError> {
    let Some(ties) = TieConsent::from_name(&form.ties) else {
        let fault = Fault::new("ties", t!("form-own-ties"));
        return refused(&app, subject, String::new(), fault).await;
    };
    let actor = &subject.person.actor;
    // What was said of another address of the person would go on to count beside this.
    let mut addresses: HashSet<AddressId> = HashSet::from([actor.anchor]);
    addresses.extend(app.store.consent_of(&actor.addresses).await?.iter().map(|one| one.address));
    let tx = subject.begin(&app).await?;
    for address in addresses {
        tx.set_consent(address, ties, form.off_map.is_some(), subject.by()).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}?done=consent", subject.base)).into_response())
}

/// What should be corrected.
#[derive(Debug, Deserialize)]
struct WishForm {
    wish: String,
}

/// `POST .../wish`: a note to the stewards on what is wrong. They change the source or say no.
async fn wish(
    State(app): State<App>,
    subject: Subject,
    Form(WishForm { wish }): Form<WishForm>,
) -> Result<Response, AppError> {
    let words = wish.trim();
    if words.is_empty() || words.chars().count() > MAX_WISH {
        let fault = Fault::new("wish", t!("form-own-wish"));
        return refused(&app, subject, wish, fault).await;
    }
    let (author, visibility) = match &subject.door {
        Door::Account(signed) => (signed.viewer.account, Visibility::Workspace),
        Door::Link(maker) => (*maker, Visibility::Own),
    };
    let text = format!("Wish of the person to have their data corrected: {words}");
    let tx = subject.begin(&app).await?;
    tx.add_note(&NewNote { about: subject.person.actor.anchor, author, text, visibility }).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}?done=wish", subject.base)).into_response())
}

/// The tick that says that it is meant.
#[derive(Debug, Deserialize)]
struct EraseForm {
    #[serde(default)]
    sure: Option<String>,
}

/// `POST .../erase`: asks a worker to forget the person. Asking twice is one job.
async fn erase(
    State(app): State<App>,
    subject: Subject,
    Form(form): Form<EraseForm>,
) -> Result<Response, AppError> {
    if form.sure.is_none() {
        let fault = Fault::new("sure", t!("form-own-erase"));
        return refused(&app, subject, String::new(), fault).await;
    }
    let address = subject.person.actor.anchor;
    let key = format!("erase-{}", blake3::hash(address.to_string().as_bytes()).to_hex());
    let tx = subject.begin(&app).await?;
    tx.enqueue(&Job::Erase { address }, subject.by(), Some(&key)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}?done=erase", subject.base)).into_response())
}

async fn refused(
    app: &App,
    subject: Subject,
    wish: String,
    fault: Fault,
) -> Result<Response, AppError> {
    let again = shown(app, subject, wish, vec![fault], String::new()).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// `GET .../export.json`: everything on the page, for keeping or for another program.
async fn export(State(app): State<App>, subject: Subject) -> Result<Response, AppError> {
    let held = held(&app, &subject.person).await?;
    let body =
        serde_json::to_vec_pretty(&held).map_err(|error| AppError::Internal(error.to_string()))?;
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""),
    ];
    Ok((head, body).into_response())
}

/// `GET .../interactions.csv`: every interaction that names the person: when, how, with whom. What
/// it was about was never kept.
async fn interactions(State(app): State<App>, subject: Subject) -> Result<Response, AppError> {
    let own: HashSet<AddressId> = subject.person.actor.addresses.iter().copied().collect();
    let rows = match app.live.get() {
        // An empty file would say that nothing is held.
        None if app.live.is_starting() => {
            let text = t!("error-archives-read");
            return Err(AppError::Unavailable(text));
        }
        None => Vec::new(),
        Some(snapshot) => {
            let lake = app.lake.clone();
            let read = move || {
                let mut rows: Vec<Interaction> = Vec::new();
                let mut take = |row: &Interaction| rows.push(*row);
                lake.naming(&snapshot.imports, &snapshot.rules, &own, &mut take).map(|()| rows)
            };
            tokio::task::spawn_blocking(read).await??
        }
    };
    let named: HashSet<AddressId> = rows.iter().flat_map(|row| [row.from, row.to]).collect();
    let named: Vec<AddressId> = named.into_iter().collect();
    let mut texts: HashMap<AddressId, String> = HashMap::new();
    for portion in named.chunks(500) {
        let seen = app.store.addresses_of(portion).await?;
        texts.extend(seen.into_iter().map(|seen| (seen.id, seen.address.to_string())));
    }
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-interactions.csv\""),
    ];
    Ok((head, csv(&rows, &texts)).into_response())
}

fn csv(rows: &[Interaction], texts: &HashMap<AddressId, String>) -> String {
    let mut out = "at,channel,from,to,role,group,minutes\r\n".to_owned();
    for row in rows {
        let text = |id| texts.get(&id).map_or(String::new(), |text| cell(text));
        let fields = [
            time(row.at),
            row.channel.name().to_owned(),
            text(row.from),
            text(row.to),
            row.role.name().to_owned(),
            row.group.to_string(),
            row.minutes.to_string(),
        ];
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell in quotes; what a spreadsheet would take for a formula is kept from being one.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[derive(Template)]
#[template(path = "data_link.html")]
struct MadePage {
    shell: Shell,
    id: String,
    name: String,
    path: String,
}

/// Where the link goes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LinkForm {
    /// An address of the person; empty: onto the screen, to be handed over.
    to: String,
}

/// `POST /people/{id}/data-link`: a link for a person without an account, shown once. There is no
/// redirect, because the secret must not get into an address that is kept.
pub(crate) async fn make_link(
    State(app): State<App>,
    Steward(signed): Steward,
    Path(id): Path<String>,
    Form(form): Form<LinkForm>,
) -> Result<Response, AppError> {
    let id: ActorId = id.parse().map_err(|_| AppError::NotFound)?;
    let person = app.store.person(id).await?;
    if !form.to.is_empty() {
        return mail_link(&app, &signed, &person, &form.to).await;
    }
    let secret = Secret::new()?;
    let now = session::now();
    let link = Link {
        purpose: LinkPurpose::OwnData,
        account: Some(signed.viewer.account),
        address: Some(person.actor.anchor),
        role: None,
        expires: now.plus_days(LINK_DAYS),
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.add_link(&secret.hash(), &link).await?;
    tx.look(signed.viewer.account, person.actor.anchor, "data-link", now).await?;
    tx.commit().await?;
    page(&MadePage {
        shell: Shell::new(&app, &signed, Place::Directory),
        id: id.to_string(),
        name: person.actor.name,
        path: session::own_data_path(&secret),
    })
}

/// Sends the link to an address of the person.
async fn mail_link(
    app: &App,
    signed: &Signed,
    person: &Person,
    to: &str,
) -> Result<Response, AppError> {
    let address: AddressId = to.parse().map_err(|_| AppError::NotFound)?;
    if !app.settings.mails || !person.actor.addresses.contains(&address) {
        return Err(AppError::NotFound);
    }
    let by = signed.viewer.account;
    let tx = app.store.begin_by(by).await?;
    let letter = Letter::OwnData { address, by };
    tx.enqueue(&Job::Mail { letter }, Some(by), None).await?;
    tx.look(by, person.actor.anchor, "data-link", session::now()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people/{}?done=mailed", person.actor.id)).into_response())
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_never_a_formula_and_keeps_its_quotes() {
        assert_eq!(cell("a@b.example"), "\"a@b.example\"");
        assert_eq!(cell("=1+1@b.example"), "\"'=1+1@b.example\"");
        assert_eq!(cell("a\"b"), "\"a\"\"b\"");
    }
}
