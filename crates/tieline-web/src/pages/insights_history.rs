//! Findings over time.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::history::{self, Entry};
use crate::page::page;
use crate::shell::{Place, Shell};

/// A finding as a row.
struct Row {
    sentence: String,
    kind: String,
    when: String,
}

/// Findings of one state.
struct Part {
    id: &'static str,
    title: String,
    nothing: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "insights_history.html")]
struct HistoryPage {
    shell: Shell,
    sub: String,
    parts: [Part; 3],
}

/// `GET /insights/history`.
pub(crate) async fn show(State(app): State<App>, signed: Signed) -> Result<Response, AppError> {
    if !signed.viewer.may_read() {
        return Err(AppError::NotFound);
    }
    let found = history::history(&app.store).await?;
    let sub = match found.span {
        None => t!("today-history-none"),
        Some((_, last)) if found.runs == 1 => {
            t!("today-history-first", day = here::until(last))
        }
        Some((first, last)) => {
            let (from, to) = (here::until(first), here::until(last));
            t!("today-history-span", from = from, to = to, n = found.runs)
        }
    };
    let part = |id, title, nothing, state| Part {
        id,
        title,
        nothing,
        rows: found.entries.iter().filter(|entry| entry.state == state).map(row).collect(),
    };
    let parts = [
        part("new", t!("today-history-new"), t!("today-history-nothing-new"), history::State::New),
        part(
            "stays",
            t!("today-history-stays"),
            t!("today-history-nothing-stays"),
            history::State::Stays,
        ),
        part(
            "gone",
            t!("today-history-gone-title"),
            t!("today-history-nothing-gone"),
            history::State::Gone,
        ),
    ];
    page(&HistoryPage { shell: Shell::new(&app, &signed, Place::Insights), sub, parts })
}

fn row(entry: &Entry) -> Row {
    let since = here::until(entry.since);
    Row {
        sentence: entry.sentence.clone(),
        kind: kind(&entry.kind),
        when: match entry.until {
            Some(until) => t!("today-history-gone", since = since, until = here::until(until)),
            None => t!("today-history-since", since = since),
        },
    }
}

/// A kind in words.
fn kind(name: &str) -> String {
    match name {
        "silo" => t!("today-finding-silo"),
        "orientation" => t!("today-finding-orientation"),
        "formal-chart" => t!("today-finding-chart"),
        "broker" => t!("today-finding-broker"),
        "departure" => t!("today-finding-departure"),
        "dependence" => t!("today-finding-dependence"),
        "cooling" => t!("today-finding-cooling"),
        "bridges" => t!("today-finding-bridges"),
        _ => t!("today-finding-other"),
    }
}
