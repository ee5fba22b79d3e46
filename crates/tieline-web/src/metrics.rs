//! Counts for whoever watches the server, in the text form of Prometheus. Routes are named by their
//! pattern: no id, name or secret of a path is in them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Extension, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::caller::bearer;
use crate::app::App;
use crate::error::AppError;
use crate::{extract, session};

/// Upper bounds of the buckets of the histogram, seconds.
const BOUNDS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What was counted since the server started.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<Key, Times>>);

/// Route, method, status. Bounded: routes are patterns, methods and statuses few.
type Key = (String, &'static str, u16);

/// How long the requests of one kind took.
#[derive(Debug, Default)]
struct Times {
    n: u64,
    seconds: f64,
    /// How many took at most each bound.
    within: [u64; BOUNDS.len()],
}

impl Times {
    fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.n += 1;
        self.seconds += seconds;
        for (bound, n) in BOUNDS.iter().zip(&mut self.within) {
            *n += u64::from(seconds <= *bound);
        }
    }
}

impl Metrics {
    fn add(&self, key: Key, took: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().add(took);
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = "tieline_http_request_duration_seconds";
        let mut out = format!(
            "# HELP {name} Time to answer a request, by route, method and status.\n\
             # TYPE {name} histogram\n"
        );
        for ((route, method, status), times) in all.iter() {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            for (bound, n) in BOUNDS.iter().zip(times.within) {
                writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {n}")?;
            }
            writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", times.n)?;
            writeln!(out, "{name}_sum{{{labels}}} {:.6}", times.seconds)?;
            writeln!(out, "{name}_count{{{labels}}} {}", times.n)?;
        }
        Ok(out)
    }
}

/// Counts each request.
pub(crate) async fn count(
    State(metrics): State<Arc<Metrics>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let method = method(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    metrics.add((route, method, response.status().as_u16()), began.elapsed());
    response
}

/// Methods that the routes know; whatever else a stranger makes up is one kind.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// `GET /metrics`: for programs on this machine, and for tokens of stewards. A request that a proxy
/// passed on comes from elsewhere.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(metrics): Extension<Arc<Metrics>>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let passed_on = ["forwarded", "x-forwarded-for", "via"];
    let passed_on = passed_on.iter().any(|name| headers.contains_key(*name));
    let near = from.is_some_and(|Extension(ConnectInfo(from))| from.ip().is_loopback());
    let is_own = near && !passed_on;
    if !is_own && !is_steward(&app, &headers).await? {
        return Err(AppError::NotFound);
    }
    let mut out = metrics.text().map_err(|error| AppError::Internal(error.to_string()))?;
    out.push_str("# HELP tieline_jobs Background work by state.\n# TYPE tieline_jobs gauge\n");
    for (state, n) in app.store.count_jobs().await? {
        out.push_str(&format!("tieline_jobs{{state=\"{}\"}} {n}\n", state.name()));
    }
    if let Some(snapshot) = app.live.get() {
        let age = (session::now().ms() - snapshot.built.ms()).max(0) as f64 / 1000.0;
        out.push_str(&format!(
            "# HELP tieline_snapshot_age_seconds Time since the network was computed.\n\
             # TYPE tieline_snapshot_age_seconds gauge\ntieline_snapshot_age_seconds {age:.3}\n"
        ));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response())
}

async fn is_steward(app: &App, headers: &HeaderMap) -> Result<bool, AppError> {
    let Some(secret) = bearer(headers) else { return Ok(false) };
    let found = app.store.token(&secret.hash(), session::now()).await?;
    let Some((_, account)) = found else { return Ok(false) };
    Ok(extract::viewer(app, &account).await?.may_steward())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_in_every_bucket_that_is_wide_enough() {
        let metrics = Metrics::default();
        let key = || ("/people/{id}".to_owned(), "GET", 200);
        metrics.add(key(), Duration::from_millis(30));
        metrics.add(key(), Duration::from_secs(9));
        let text = metrics.text().unwrap();
        let labels = "route=\"/people/{id}\",method=\"GET\",status=\"200\"";
        for (le, n) in [("0.025", 0), ("0.05", 1), ("5", 1), ("+Inf", 2)] {
            let line = format!("_bucket{{{labels},le=\"{le}\"}} {n}\n");
            assert!(text.contains(&line), "{line} in {text}");
        }
        assert!(text.contains(&format!("_sum{{{labels}}} 9.030000\n")), "{text}");
    }
}
