//! Signing in with an identity provider that really runs, on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use support::{Answer, Kit, PASSWORD, TestApp};
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_testkit::Service;
use tieline_web::{Claim, ProviderSettings, Unknown};

const HERE: &str = "http://tieline.example";

/// The provider, with people it knows; `None` without Node.
fn provider(apart: bool) -> Option<Service> {
    Service::identity_provider(&json!({
        "client": "tieline",
        "secret": "a secret of ours",
        "redirect": format!("{HERE}/sign-in/provider/callback"),
        "apart": apart,
        "people": {
            "m": { "email": "Member@harbour.example", "email_verified": true, "name": "Mem Ber" },
            "n": { "email": "new@harbour.example", "email_verified": true, "name": "Nia New" },
            "u": { "email": "member@harbour.example", "email_verified": false, "name": "U" },
            "o": { "email": "who@elsewhere.example", "email_verified": true, "name": "O" },
        },
    }))
}

fn settings(issuer: String) -> ProviderSettings {
    ProviderSettings {
        name: "Harbour ID".to_owned(),
        issuer,
        client: "tieline".to_owned(),
        secret: Some("a secret of ours".to_owned()),
        scopes: vec!["email".to_owned(), "profile".to_owned()],
        claim: Claim::Email,
        unknown: Unknown::Refuse,
        domains: Vec::new(),
        url: HERE.to_owned(),
    }
}

fn issuer(service: &Service) -> String {
    format!("http://127.0.0.1:{}", service.port)
}

/// The application with this provider; the mail of the member goes to `member@harbour.example`.
async fn app_with(settings: ProviderSettings) -> TestApp {
    let app = TestApp::of(Kit { provider: Some(settings), ..Kit::default() }).await;
    let mail = Address::email("member@harbour.example").unwrap();
    let tx = app.store.begin().await.unwrap();
    tx.set_account_mail(app.account(Role::Member), Some(&mail)).await.unwrap();
    tx.commit().await.unwrap();
    app
}

/// The value of a cookie that was set; empty when it was taken away.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    let mut all = all.filter_map(|line| line.to_str().ok());
    let line = all.find_map(|line| line.strip_prefix(&format!("{name}=")))?;
    Some(line.split(';').next().unwrap().to_owned())
}

/// A browser on its way: the cookie of ours that it keeps, and where it is sent.
struct Way {
    cookie: String,
    to: String,
}

async fn begin(app: &TestApp, next: &str) -> Way {
    let begun = app.stranger().post("/sign-in/provider", &[("next", next)]).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let to = begun.header("refresh").strip_prefix("0;url=").unwrap().to_owned();
    Way { cookie: cookie(&begun, "tieline_provider").unwrap(), to }
}

/// A browser at the provider.
struct Visitor {
    client: Client<HttpConnector, Empty<Bytes>>,
    cookies: Vec<String>,
}

impl Visitor {
    fn new() -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), cookies: Vec::new() }
    }

    /// Goes there and wherever it is sent, until it is sent back to us: to which path.
    async fn follow(&mut self, start: &str, issuer: &str) -> String {
        let mut at = start.to_owned();
        for _ in 0..10 {
            let cookies = self.cookies.join("; ");
            let request = Request::get(&at).header("cookie", cookies).body(Empty::new()).unwrap();
            let response = self.client.request(request).await.unwrap();
            for set in response.headers().get_all("set-cookie") {
                let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
                let name = pair.split('=').next().unwrap().to_owned() + "=";
                self.cookies.retain(|known| !known.starts_with(&name));
                self.cookies.push(pair);
            }
            let Some(location) = response.headers().get("location") else {
                let status = response.status();
                let body = response.into_body().collect().await.unwrap().to_bytes();
                panic!("{status} at {at}: {}", String::from_utf8_lossy(&body));
            };
            let location = location.to_str().unwrap().to_owned();
            if let Some(path) = location.strip_prefix(HERE) {
                return path.to_owned();
            }
            at = if location.starts_with('/') { format!("{issuer}{location}") } else { location };
        }
        panic!("sent round and round");
    }
}

/// Tells the provider who comes next, and how many seconds its clock is ahead.
async fn control(service: &Service, person: &str, ahead: u32) {
    let url = format!("{}/control?person={person}&ahead={ahead}", issuer(service));
    let request = Request::get(url).body(Empty::<Bytes>::new()).unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    assert_eq!(client.request(request).await.unwrap().status(), 204);
}

/// Comes back to us.
async fn back(app: &TestApp, cookie: &str, path: &str) -> Answer {
    let cookie = format!("tieline_provider={cookie}");
    let browser = app.stranger();
    let request = browser.request(Method::GET, path, &[("cookie", &cookie)]);
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// The whole way as this person.
async fn come(app: &TestApp, service: &Service, person: &str) -> Answer {
    control(service, person, 0).await;
    let way = begin(app, "/people?q=a").await;
    let path = Visitor::new().follow(&way.to, &issuer(service)).await;
    back(app, &way.cookie, &path).await
}

fn is_refused(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(words), "{words} in {}", answer.text);
    assert_eq!(cookie(answer, "tieline_session"), None, "nobody is let in");
    assert!(answer.text.contains("name=\"password\""), "the other way in is there");
}

#[tokio::test]
async fn someone_whose_verified_address_is_an_accounts_comes_in_where_they_wanted_and_out_again() {
    for apart in [true, false] {
        let Some(service) = provider(apart) else { return };
        let app = app_with(settings(issuer(&service))).await;
        assert!(app.stranger().get("/sign-in").await.text.contains("Sign in with Harbour ID"));
        let came = come(&app, &service, "m").await;
        assert_eq!((came.status.as_u16(), came.location()), (303, "/people?q=a"));
        assert_eq!(cookie(&came, "tieline_provider").as_deref(), Some(""), "it is taken away");
        let session = cookie(&came, "tieline_session").unwrap();
        let browser = app.with_cookie(&session);
        assert!(browser.get("/settings").await.text.contains("A member"));
        assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
        assert_eq!(browser.get("/settings").await.status, 303);
    }
}

#[tokio::test]
async fn unverified_unknown_foreign_and_disabled_people_stay_outside() {
    let Some(service) = provider(true) else { return };
    let app = app_with(settings(issuer(&service))).await;
    is_refused(&come(&app, &service, "u").await, 403, "has not verified your mail address");
    is_refused(&come(&app, &service, "n").await, 403, "Nobody with your address");
    is_refused(&come(&app, &service, "nobody").await, 403, "did not let you through");
    let tx = app.store.begin().await.unwrap();
    tx.disable_account(app.account(Role::Member)).await.unwrap();
    tx.commit().await.unwrap();
    is_refused(&come(&app, &service, "m").await, 403, "may not sign in any more");
}

#[tokio::test]
async fn the_unknown_become_members_where_the_operator_says_so_if_their_domain_is_allowed() {
    let Some(service) = provider(true) else { return };
    let open = ProviderSettings {
        unknown: Unknown::Member,
        domains: vec!["harbour.example".to_owned()],
        ..settings(issuer(&service))
    };
    let app = app_with(open).await;
    is_refused(&come(&app, &service, "o").await, 403, "not of an organisation that may");
    is_refused(&come(&app, &service, "u").await, 403, "has not verified");
    let n = app.store.count_accounts().await.unwrap();
    for _ in 0..2 {
        let came = come(&app, &service, "n").await;
        assert_eq!(came.status, 303, "{}", came.text);
    }
    assert_eq!(app.store.count_accounts().await.unwrap(), n + 1);
    let mail = Address::email("new@harbour.example").unwrap();
    let joined = app.store.account_by_mail(&mail).await.unwrap().unwrap();
    assert_eq!((joined.name.as_str(), joined.role), ("Nia New", Role::Member));
}

#[tokio::test]
async fn a_wrong_state_or_nonce_another_browser_or_coming_back_twice_lets_nobody_in() {
    let Some(service) = provider(true) else { return };
    let app = app_with(settings(issuer(&service))).await;
    control(&service, "m", 0).await;
    let way = begin(&app, "/").await;
    let path = Visitor::new().follow(&way.to, &issuer(&service)).await;
    is_refused(&back(&app, "", &path).await, 400, "begun in another browser");
    let other = begin(&app, "/").await;
    is_refused(&back(&app, &other.cookie, &path).await, 400, "begun in another browser");
    let forged = path.replace("state=", "state=x");
    is_refused(&back(&app, &way.cookie, &forged).await, 400, "begun in another browser");
    // None of these used it up; coming back twice does.
    assert_eq!(back(&app, &way.cookie, &path).await.status, 303);
    is_refused(&back(&app, &way.cookie, &path).await, 400, "begun in another browser");

    let way = begin(&app, "/").await;
    let forged = way.to.replace("nonce=", "nonce=x");
    assert_ne!(forged, way.to);
    let path = Visitor::new().follow(&forged, &issuer(&service)).await;
    is_refused(&back(&app, &way.cookie, &path).await, 400, "does not hold");
}

#[tokio::test]
async fn an_expired_or_made_up_code_lets_nobody_in() {
    let Some(service) = provider(true) else { return };
    let app = app_with(settings(issuer(&service))).await;
    control(&service, "m", 0).await;
    let way = begin(&app, "/").await;
    let path = Visitor::new().follow(&way.to, &issuer(&service)).await;
    control(&service, "m", 3600).await;
    is_refused(&back(&app, &way.cookie, &path).await, 400, "does not hold");
    control(&service, "m", 0).await;
    let way = begin(&app, "/").await;
    let path = Visitor::new().follow(&way.to, &issuer(&service)).await;
    let state = path.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let made_up = format!("/sign-in/provider/callback?code=made-up&state={state}");
    is_refused(&back(&app, &way.cookie, &made_up).await, 400, "does not hold");
}

#[tokio::test]
async fn a_provider_that_is_down_or_sends_us_elsewhere_leaves_the_password() {
    let Some(service) = provider(true) else { return };
    let moved = settings(format!("{}/elsewhere", issuer(&service)));
    let closed = settings("http://127.0.0.1:1".to_owned());
    for settings in [closed, moved] {
        let app = app_with(settings).await;
        let begun = app.stranger().post("/sign-in/provider", &[("next", "/people")]).await;
        is_refused(&begun, 503, "cannot be reached just now");
        let fields = [("login", "member"), ("password", PASSWORD), ("next", "/people")];
        let came = app.stranger().post("/sign-in", &fields).await;
        assert_eq!((came.status.as_u16(), came.location()), (303, "/people"));
    }
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way_in() {
    let app = TestApp::new().await;
    assert!(!app.stranger().get("/sign-in").await.text.contains("provider"));
    assert_eq!(app.stranger().post("/sign-in/provider", &[]).await.status, 404);
    assert_eq!(app.stranger().get("/sign-in/provider/callback?code=a&state=b").await.status, 404);
}
