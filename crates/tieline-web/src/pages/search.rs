//! Search from anywhere: pages and things to do, then people and organisations.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_store::{ActorKind, PeopleQuery};

use super::actions::offered;
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::page::page;
use crate::shell::{Place, Shell};
use crate::show;

/// People offered.
const MOST: u64 = 8;

/// What was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
}

/// Something to jump to.
struct Hit {
    href: String,
    icon: Option<&'static str>,
    initials: String,
    name: String,
    about: String,
}

impl Hit {
    fn to(href: &str, icon: &'static str, name: String, about: String) -> Self {
        Self { href: href.to_owned(), icon: Some(icon), initials: String::new(), name, about }
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    results: Results,
}

#[derive(Template)]
#[template(path = "search_results.html")]
struct Results {
    hits: Vec<Hit>,
    q: String,
}

/// `GET /search`: the palette without scripts.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(Typed { q }): Query<Typed>,
) -> Result<Response, AppError> {
    let results = found(&app, &signed, &q).await?;
    let shell = Shell::new(&app, &signed, Place::Directory);
    page(&SearchPage { shell, q, results })
}

/// `GET /search/results`: while someone types.
pub(crate) async fn results(
    State(app): State<App>,
    signed: Signed,
    Query(Typed { q }): Query<Typed>,
) -> Result<Response, AppError> {
    page(&found(&app, &signed, &q).await?)
}

async fn found(app: &App, signed: &Signed, q: &str) -> Result<Results, AppError> {
    let typed = q.trim().to_lowercase();
    let places = Place::open_to(&signed.viewer);
    let mut hits: Vec<Hit> = places
        .iter()
        .chain([&Place::Settings])
        .filter(|place| !typed.is_empty() && place.name().to_lowercase().starts_with(&typed))
        .map(|place| Hit::to(place.path(), place.icon(), place.name(), t!("people-search-page")))
        .collect();
    let actions = offered(&signed.viewer, &typed).into_iter();
    hits.extend(actions.map(|one| Hit::to(one.href, one.icon, (one.name)(), (one.about)())));
    if !typed.is_empty() && signed.viewer.may_read() {
        let query = PeopleQuery { text: Some(typed), limit: MOST, ..PeopleQuery::default() };
        let (rows, _) = app.store.people(&query).await?;
        hits.extend(rows.into_iter().map(|row| Hit {
            href: format!("/people/{}", row.id),
            icon: None,
            initials: show::initials(&row.name),
            about: match (row.kind, row.title, row.organisation) {
                (ActorKind::Organisation, ..) => t!("word-organisation"),
                (_, Some(title), Some(unit)) => format!("{title}, {}", unit.name),
                (_, title, unit) => title.or(unit.map(|unit| unit.name)).unwrap_or_default(),
            },
            name: row.name,
        }));
    }
    Ok(Results { hits, q: q.trim().to_owned() })
}
