//! A server in the process: three people, accounts as they are asked for.

#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;
use tempfile::TempDir;
use tieline_lake::Lake;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::{AccountId, ActorId, ImportId};
use tieline_model::time::Moment;
use tieline_store::{
    Actor, ActorKind, IdentityState, NewAccount, NewImport, NewSession, NewToken, Sighting, Store,
    StoreUrl, Tallies, TokenScope,
};
use tieline_web::{App, Live, Secret, Settings, router};
use tower::ServiceExt as _;

/// Runs a story to its end.
pub(crate) fn wait<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

/// Never reached in a test.
const FAR: i64 = 32_503_680_000_000;

pub(crate) struct World {
    pub(crate) app: App,
    router: axum::Router,
    _folder: TempDir,
}

/// What a request carries.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) token: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) site: Option<&'static str>,
    pub(crate) key: Option<&'static str>,
    pub(crate) body: Option<Value>,
    pub(crate) form: Option<String>,
}

pub(crate) fn ann() -> ActorId {
    ActorId::derived(&[b"ann"])
}

pub(crate) fn bob() -> ActorId {
    ActorId::derived(&[b"bob"])
}

pub(crate) fn cyd() -> ActorId {
    ActorId::derived(&[b"cyd"])
}

pub(crate) fn address(name: &str) -> Address {
    Address::mail(&format!("{name}@x.example")).unwrap()
}

fn actor(id: ActorId, given: &str, family: &str) -> Actor {
    let anchor = address(&given.to_lowercase()).id();
    Actor {
        id,
        anchor,
        name: format!("{given} {family}"),
        given: Some(given.to_owned()),
        family: Some(family.to_owned()),
        kind: ActorKind::Person,
        addresses: vec![anchor],
        merges: Vec::new(),
    }
}

async fn fill(store: &Store) {
    let id = ImportId::of(&[b"one"]);
    let tx = store.begin().await.unwrap();
    let new =
        NewImport { id, label: "one.mbox".to_owned(), bytes: 1, tool_version: "0".to_owned() };
    tx.begin_import(&new).await.unwrap();
    let addresses = ["ann", "bob", "cyd"].map(address);
    tx.add_addresses(&addresses).await.unwrap();
    let seen = |address: &Address| Sighting { sent: 2, ..Sighting::named(address.id()) };
    tx.add_sightings(id, &addresses.iter().map(seen).collect::<Vec<_>>()).await.unwrap();
    tx.finish_import(id, &Tallies::default()).await.unwrap();
    let actors =
        vec![actor(ann(), "Ann", "Ox"), actor(bob(), "Bob", "Elk"), actor(cyd(), "Cyd", "Roe")];
    tx.replace_identity(&IdentityState { actors, ..IdentityState::default() }).await.unwrap();
    tx.commit().await.unwrap();
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreUrl::file(folder.path().join("tieline.db"))).await.unwrap();
        fill(&store).await;
        let app = App {
            store,
            lake: Arc::new(Lake::open(folder.path()).unwrap()),
            live: Arc::new(Live::default()),
            provider: None,
            settings: Arc::new(Settings {
                mails: false,
                proxies: Vec::new(),
                workspace: "Test".to_owned(),
                uploads: folder.path().join("uploads"),
                max_upload_bytes: 1 << 20,
                api_requests_a_minute: tieline_web::MOST_A_MINUTE,
                secure: false,
                demo: false,
                import_folders: Vec::new(),
            }),
        };
        Self { router: router(app.clone()), app, _folder: folder }
    }

    /// An account named after its role; another one of the same role is the same. `actor`: which
    /// person it is.
    pub(crate) async fn account(&self, role: Role, actor: Option<&str>) -> AccountId {
        let login = role.name();
        if let Some((account, _)) = self.app.store.account_by_login(login).await.unwrap() {
            return account.id;
        }
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            password_hash: None,
            actor: actor.map(|name| address(name).id()),
        };
        // One account alone sees everything: there is always a second one.
        let other = NewAccount { login: "other".to_owned(), ..new.clone() };
        let tx = self.app.store.begin().await.unwrap();
        let id = tx.add_account(&new).await.unwrap();
        if self.app.store.account_by_login("other").await.unwrap().is_none() {
            tx.add_account(&NewAccount { role: Role::Owner, actor: None, ..other }).await.unwrap();
        }
        tx.commit().await.unwrap();
        id
    }

    pub(crate) async fn token(&self, role: Role, scope: TokenScope) -> (String, AccountId) {
        let account = self.account(role, None).await;
        let secret = Secret::new().unwrap();
        let name = "test".to_owned();
        let token = NewToken { account, name, scope, expires: Moment::from_ms(FAR) };
        let tx = self.app.store.begin().await.unwrap();
        tx.add_token(&secret.hash(), &token).await.unwrap();
        tx.commit().await.unwrap();
        (secret.text().to_owned(), account)
    }

    /// The cookie of a signed-in browser.
    pub(crate) async fn session(&self, role: Role) -> String {
        let account = self.account(role, Some("ann")).await;
        let secret = Secret::new().unwrap();
        let expires = Moment::from_ms(FAR);
        let new = NewSession { account, expires, about: String::new() };
        let tx = self.app.store.begin().await.unwrap();
        tx.open_session(&secret.hash(), &new).await.unwrap();
        tx.commit().await.unwrap();
        format!("tieline_session={}", secret.text())
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> (u16, Value) {
        let token = token.map(str::to_owned);
        self.ask("GET", path, Asked { token, ..Asked::default() }).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        token: Option<&str>,
        key: Option<&'static str>,
        body: &Value,
    ) -> (u16, Value) {
        let (token, body) = (token.map(str::to_owned), Some(body.clone()));
        self.ask("POST", path, Asked { token, key, body, ..Asked::default() }).await
    }

    /// A request below `/api/v1`; what comes back is JSON.
    pub(crate) async fn ask(&self, method: &str, path: &str, asked: Asked) -> (u16, Value) {
        let (status, _, body) = self.raw(method, &format!("/api/v1{path}"), asked).await;
        let json = serde_json::from_slice(&body);
        (status, json.unwrap_or_else(|_| panic!("{path}: {}", String::from_utf8_lossy(&body))))
    }

    /// Any request: status, where it leads, body.
    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        asked: Asked,
    ) -> (u16, Option<String>, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = asked.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(cookie) = asked.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(site) = asked.site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(key) = asked.key {
            request = request.header("idempotency-key", key);
        }
        let (kind, body) = match (asked.body, asked.form) {
            (Some(body), _) => ("application/json", Body::from(body.to_string())),
            (None, Some(form)) => ("application/x-www-form-urlencoded", Body::from(form)),
            (None, None) => ("text/plain", Body::empty()),
        };
        let request = request.header(header::CONTENT_TYPE, kind).body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, to, body.to_vec())
    }
}
