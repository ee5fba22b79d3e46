//! The whole map of URLs.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::error::AppError;
use crate::pages::{
    contacts, enter, health, identities, imports, imports_upload, insights, jobs, network,
    organisations, path, people, person, preferences, search, set_up, settings, sign_in, tie,
    today,
};
use crate::{assets, security};

/// Largest request that is not an upload, bytes.
const MAX_REQUEST_BYTES: usize = 256 * 1024;

/// Longest that a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longest that an upload may take.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(2 * 3600);

/// The application, ready to be served.
pub fn router(app: App) -> Router {
    pages()
        .layer(RequestBodyLimitLayer::new(MAX_REQUEST_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .merge(uploads(&app))
        .layer(from_fn(security::same_site))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn(security::headers))
        .with_state(app)
}

/// What takes files: it has limits of its own, and takes as long as a slow line needs.
fn uploads(app: &App) -> Router<App> {
    let most = app.settings.max_upload_bytes.saturating_add(imports_upload::AROUND_FILES);
    Router::new()
        .route("/imports", post(imports_upload::create))
        .layer(DefaultBodyLimit::max(most))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_PATIENCE))
}

fn pages() -> Router<App> {
    Router::new()
        .route("/", get(today::show))
        .route("/contacts", post(contacts::create))
        .route("/contacts/new", get(contacts::new))
        .route("/contacts/{id}/undo", post(contacts::undo))
        .route("/settings", get(settings::show))
        .route("/settings/account", post(settings::save_account))
        .route("/settings/password", post(settings::save_password))
        .route("/settings/named-findings", post(settings::save_named))
        .route("/identities", get(identities::list))
        .route("/identities/decisions", post(identities::decide))
        .route("/identities/decisions/{a}/{b}/undo", post(identities::undo))
        .route("/imports", get(imports::list))
        .route("/imports/{id}", get(imports::show))
        .route("/imports/{id}/issues.csv", get(imports::issues))
        .route("/imports/{id}/undo", post(imports::undo))
        .route("/jobs/{id}", get(jobs::show))
        .route("/jobs/{id}/discard", post(jobs::discard))
        .route("/jobs/{id}/import", post(jobs::import))
        .route("/jobs/{id}/pause", post(jobs::pause))
        .route("/jobs/{id}/resume", post(jobs::resume))
        .route("/jobs/{id}/stop", post(jobs::stop))
        .route("/insights", get(insights::show))
        .route("/insights/report.html", get(insights::file))
        .route("/network", get(network::show))
        .route("/network/path", get(path::show))
        .route("/people", get(people::list))
        .route("/people/{id}", get(person::show))
        .route("/people/{id}/ties/{other}", get(tie::show))
        .route("/organisations", get(organisations::list))
        .route("/search", get(search::show))
        .route("/search/results", get(search::results))
        .route("/set-up", get(set_up::show).post(set_up::create))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/enter/{secret}", get(enter::show).post(enter::enter))
        .route("/preferences/theme", post(preferences::theme))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/assets/{name}", get(assets::serve))
        .fallback(|| async { AppError::NotFound })
}
