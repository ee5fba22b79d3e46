//! Asking the provider: over TLS, with limits, and nowhere but where the question says: a redirect is
//! an answer, and never followed.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::url::{Host, Url};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Largest answer, bytes: many keys are a few thousand.
const MOST_BYTES: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpFault {
    /// The address may not be asked.
    #[error("{0} is not asked: only https is, and http on this machine where the issuer is there")]
    Address(String),
    /// It was not there in time.
    #[error("no answer within 10 seconds")]
    Late,
    /// The network, TLS, or the size of the answer.
    #[error("{0}")]
    Failed(String),
}

/// Asks.
pub(super) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// Whether the provider is on this machine and asked in clear: for trying things out.
    is_near: bool,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("is_near", &self.is_near).finish_non_exhaustive()
    }
}

impl Http {
    /// For a provider with this address.
    ///
    /// # Errors
    /// When it may not be asked, or the system's certificates cannot be read.
    pub(super) fn new(issuer: &Url) -> Result<Self, HttpFault> {
        let is_near = issuer.scheme() == "http" && is_loopback(issuer);
        if !is_near && issuer.scheme() != "https" {
            return Err(HttpFault::Address(issuer.to_string()));
        }
        let roots = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| HttpFault::Failed(format!("cannot read certificates: {error}")))?;
        let connector = roots.https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector), is_near })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let asked = request.uri().to_string();
        let url = Url::parse(&asked).map_err(|_| HttpFault::Address(asked.clone()))?;
        let is_allowed = url.scheme() == "https" || (self.is_near && is_loopback(&url));
        if !is_allowed {
            return Err(HttpFault::Address(asked));
        }
        let failed = |error: &dyn std::fmt::Display| HttpFault::Failed(error.to_string());
        let response = self.client.request(request.map(|body| Full::new(body.into()))).await;
        let (parts, body) = response.map_err(|error| failed(&error))?.into_parts();
        let body = Limited::new(body, MOST_BYTES).collect().await;
        let body = body.map_err(|error| failed(&error))?.to_bytes().to_vec();
        Ok(HttpResponse::from_parts(parts, body))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            tokio::time::timeout(PATIENCE, self.ask(request)).await.map_err(|_| HttpFault::Late)?
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_asked_in_clear_on_this_machine_alone() {
        let new = |issuer: &str| Http::new(&Url::parse(issuer).unwrap());
        for refused in ["http://id.example.org", "http://127.0.0.1.example.org", "ftp://127.0.0.1"]
        {
            assert!(matches!(new(refused), Err(HttpFault::Address(_))), "{refused}");
        }
        assert!(new("http://127.0.0.1:9").unwrap().is_near);
        assert!(new("http://[::1]:9").unwrap().is_near);
    }
}
