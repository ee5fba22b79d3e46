//! The whole map of URLs.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::error::AppError;
use crate::metrics::{self, Metrics};
use crate::pages::{
    changes, contacts, enter, health, identities, imports, imports_upload, insights,
    insights_history, jobs, network, network_export, network_organic, organisations, own_data,
    path, people, person, preferences, search, set_up, settings, sign_in, tie, today, tokens,
};
use crate::{api, assets, security};

/// Largest request that is not an upload, bytes.
const MAX_REQUEST_BYTES: usize = 256 * 1024;

/// Longest that a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longest that an upload may take.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(2 * 3600);

/// Makes a list of routes and their router from the same lines, so that a test can hold every route
/// against the table of who may use it.
macro_rules! routes {
    ($list:ident $router:ident { $($path:literal => $($method:ident $handler:path),+;)+ }) => {
        /// These routes: method and path of each.
        pub(crate) const $list: &[(&str, &str)] = &[$($((stringify!($method), $path),)+)+];

        /// These routes.
        pub(crate) fn $router() -> axum::Router<crate::app::App> {
            use axum::routing::{MethodFilter, MethodRouter};
            axum::Router::new()
                $(.route($path, MethodRouter::new()$(.on(MethodFilter::$method, $handler))+))+
        }
    };
}
pub(crate) use routes;

routes! { PAGES pages {
    "/" => GET today::show;
    "/contacts" => POST contacts::create;
    "/contacts/new" => GET contacts::new;
    "/contacts/{id}/undo" => POST contacts::undo;
    "/settings" => GET settings::show;
    "/settings/account" => POST settings::save_account;
    "/settings/password" => POST settings::save_password;
    "/settings/named-findings" => POST settings::save_named;
    "/identities" => GET identities::list;
    "/identities/decisions" => POST identities::decide;
    "/identities/decisions/{a}/{b}/undo" => POST identities::undo;
    "/imports" => GET imports::list;
    "/imports/{id}" => GET imports::show;
    "/imports/{id}/issues.csv" => GET imports::issues;
    "/imports/{id}/undo" => POST imports::undo;
    "/jobs/{id}" => GET jobs::show;
    "/jobs/{id}/discard" => POST jobs::discard;
    "/jobs/{id}/import" => POST jobs::import;
    "/jobs/{id}/pause" => POST jobs::pause;
    "/jobs/{id}/resume" => POST jobs::resume;
    "/jobs/{id}/stop" => POST jobs::stop;
    "/settings/tokens" => GET tokens::list, POST tokens::create;
    "/settings/tokens/removal" => POST tokens::remove;
    "/people/{id}/data-link" => POST own_data::make_link;
    "/metrics" => GET metrics::show;
    "/insights" => GET insights::show;
    "/insights/report.html" => GET insights::file;
    "/insights/history" => GET insights_history::show;
    "/network" => GET network::show;
    "/network/changes" => GET changes::show;
    "/network/export" => GET network_export::show;
    "/network/organic.json" => GET network_organic::show;
    "/network/path" => GET path::show;
    "/people" => GET people::list;
    "/people/{id}" => GET person::show;
    "/people/{id}/ties/{other}" => GET tie::show;
    "/organisations" => GET organisations::list;
    "/search" => GET search::show;
    "/search/results" => GET search::results;
    "/set-up" => GET set_up::show, POST set_up::create;
    "/sign-in" => GET sign_in::show, POST sign_in::sign_in;
    "/sign-out" => POST sign_in::sign_out;
    "/enter/{secret}" => GET enter::show, POST enter::enter;
    "/preferences/theme" => POST preferences::theme;
    "/glossary" => GET crate::glossary::show;
    "/healthz" => GET health::alive;
    "/readyz" => GET health::ready;
    "/assets/{name}" => GET assets::serve;
} }

routes! { UPLOADS uploads {
    "/imports" => POST imports_upload::create;
} }

/// Every route: what its path begins with, and for each its method and the rest of its path.
pub const ROUTES: &[(&str, &[(&str, &str)])] = &[
    ("", PAGES),
    ("", UPLOADS),
    ("/me/data", own_data::ROUTES),
    ("/own-data/{secret}", own_data::ROUTES),
    ("/api/v1", api::ROUTES),
];

/// The application, ready to be served.
pub fn router(app: App) -> Router {
    let metrics = Arc::new(Metrics::default());
    let most = app.settings.max_upload_bytes.saturating_add(imports_upload::AROUND_FILES);
    // What takes files has limits of its own, and takes as long as a slow line needs.
    let uploads = uploads()
        .layer(DefaultBodyLimit::max(most))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_PATIENCE));
    pages()
        .nest("/me/data", own_data::routes())
        .nest("/own-data/{secret}", own_data::routes())
        .nest("/api/v1", api::routes())
        .fallback(|| async { AppError::NotFound })
        .layer(RequestBodyLimitLayer::new(MAX_REQUEST_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .merge(uploads)
        .layer(from_fn(security::same_site))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn(security::headers))
        .layer(from_fn_with_state(metrics.clone(), metrics::count))
        .layer(Extension(metrics))
        .with_state(app)
}
