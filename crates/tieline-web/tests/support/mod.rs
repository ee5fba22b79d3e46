//! The application on a temporary folder, in process, with accounts of every role.
#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod harm;
pub(crate) mod steps;
pub(crate) mod table;
pub(crate) mod two_sides;
pub(crate) mod world;

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, SaltString};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tieline_lake::Lake;
use tieline_model::access::Role;
use tieline_model::id::{AccountId, PartnershipId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use tieline_store::{
    Link, LinkPurpose, NewAccount, NewSession, NewToken, Store, StoreUrl, TokenScope,
};
use tieline_web::{
    App, Live, Lookout, Network, Provider, ProviderSettings, Secret, Settings, router,
};
use tower::ServiceExt as _;

/// Password of every account.
pub(crate) const PASSWORD: &str = "two ferries and a bridge";

/// The application, and the store that it writes.
pub(crate) struct TestApp {
    pub(crate) store: Store,
    pub(crate) live: Arc<Live>,
    router: Router,
    accounts: Vec<(Role, AccountId)>,
    pub(crate) folder: tempfile::TempDir,
}

/// What a test app is made of; [`Kit::default`] has an account of each role and the world.
pub(crate) struct Kit {
    pub(crate) roles: &'static [Role],
    pub(crate) has_world: bool,
    pub(crate) secure: bool,
    /// Whether mail can be sent.
    pub(crate) mails: bool,
    /// Whoever vouches for people.
    pub(crate) provider: Option<ProviderSettings>,
    /// What works out other networks; `None`: that of the world.
    pub(crate) lookout: Option<Arc<dyn Lookout>>,
    /// Proxies whose word counts.
    pub(crate) proxies: Vec<Network>,
    /// What becomes of the names of people and units.
    pub(crate) rename: fn(&str) -> String,
}

impl Default for Kit {
    fn default() -> Self {
        Self {
            roles: Role::ALL,
            has_world: true,
            secure: false,
            mails: false,
            provider: None,
            lookout: None,
            proxies: Vec::new(),
            rename: str::to_owned,
        }
    }
}

impl TestApp {
    /// An account of each role, and the world of [`world`].
    pub(crate) async fn new() -> Self {
        Self::of(Kit::default()).await
    }

    /// A workspace of one: its owner.
    pub(crate) async fn alone() -> Self {
        Self::of(Kit { roles: &[Role::Owner], ..Kit::default() }).await
    }

    /// Nobody and nothing.
    pub(crate) async fn empty() -> Self {
        Self::of(Kit { roles: &[], has_world: false, ..Kit::default() }).await
    }

    pub(crate) async fn of(kit: Kit) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreUrl::file(folder.path().join("tieline.db"))).await.unwrap();
        let lookout = kit.lookout.unwrap_or(Arc::new(world::Earlier { rename: kit.rename }));
        let live = Arc::new(Live::looking(lookout));
        if kit.has_world {
            world::fill(&store, kit.rename).await;
            live.publish(Some(world::snapshot(kit.rename)));
        } else {
            live.publish(None);
        }
        let app = App {
            store: store.clone(),
            lake: Arc::new(Lake::open(folder.path()).unwrap()),
            live: live.clone(),
            provider: kit.provider.map(|settings| Arc::new(Provider::new(settings).unwrap())),
            settings: Arc::new(Settings {
                mails: kit.mails,
                proxies: kit.proxies,
                workspace: "Harbour alliance".to_owned(),
                uploads: folder.path().join("uploads"),
                max_upload_bytes: 1 << 20,
                api_requests_a_minute: 600,
                secure: kit.secure,
                demo: false,
                import_folders: Vec::new(),
            }),
        };
        let mut app = Self { store, live, router: router(app), accounts: Vec::new(), folder };
        for role in kit.roles {
            let account = app.add_account(*role, role.name()).await;
            app.accounts.push((*role, account));
        }
        app
    }

    /// Makes an account that signs in as `login` with [`PASSWORD`] and is the world's person for
    /// its role, if any.
    async fn add_account(&self, role: Role, login: &str) -> AccountId {
        let new = NewAccount {
            login: login.to_owned(),
            name: format!("A {}", role.name()),
            role,
            password_hash: Some(cheap_hash(PASSWORD)),
            actor: (role == Role::Member).then(|| world::address_of(world::MEMBER)),
        };
        let tx = self.store.begin().await.unwrap();
        let id = tx.add_account(&new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(crate) fn account(&self, role: Role) -> AccountId {
        let found = self.accounts.iter().find(|(known, _)| *known == role);
        found.expect("the kit has no account of this role").1
    }

    /// A browser that nobody signed in with.
    pub(crate) fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: None }
    }

    /// A browser that sends this as the secret of its session.
    pub(crate) fn with_cookie(&self, secret: &str) -> Browser {
        Browser { cookie: Some(secret.to_owned()), ..self.stranger() }
    }

    /// A browser with the session of a guest at a seat of a partnership that the owner opened.
    pub(crate) async fn at_seat(&self, id: PartnershipId, seat: SeatId) -> Browser {
        let by = Participant::Account(self.account(Role::Owner));
        let (link, session) = (Secret::new().unwrap(), Secret::new().unwrap());
        let tx = self.store.begin().await.unwrap();
        tx.add_guest_link(&link.hash(), (id, seat), now().plus_days(1.0), by).await.unwrap();
        tx.use_guest_link(&link.hash(), (&session.hash(), "UTC"), now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        self.with_cookie(&format!("tieline_guest_{}={}", id.0.simple(), session.text()))
    }

    /// A browser with a session of the account of this role.
    pub(crate) async fn as_(&self, role: Role) -> Browser {
        let secret = Secret::new().unwrap();
        let account = self.account(role);
        let session = NewSession { account, expires: now().plus_days(1.0), about: String::new() };
        let tx = self.store.begin().await.unwrap();
        tx.open_session(&secret.hash(), &session).await.unwrap();
        tx.commit().await.unwrap();
        self.with_cookie(secret.text())
    }

    /// A browser with a session of a member who is this person of the world.
    pub(crate) async fn as_person(&self, name: &str) -> Browser {
        let account = self.account_of(name).await;
        let secret = Secret::new().unwrap();
        let session = NewSession { account, expires: now().plus_days(1.0), about: String::new() };
        let tx = self.store.begin().await.unwrap();
        tx.open_session(&secret.hash(), &session).await.unwrap();
        tx.commit().await.unwrap();
        self.with_cookie(secret.text())
    }

    /// The account of a member who is this person of the world; made when there is none.
    pub(crate) async fn account_of(&self, name: &str) -> AccountId {
        let login = world::mail_of(name);
        if let Some((account, _)) = self.store.account_by_login(&login).await.unwrap() {
            return account.id;
        }
        let actor = Some(world::address_of(name));
        let name = name.to_owned();
        let new = NewAccount { login, name, role: Role::Member, password_hash: None, actor };
        let tx = self.store.begin().await.unwrap();
        let id = tx.add_account(&new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A token of this role that reads.
    pub(crate) async fn token(&self, role: Role) -> Secret {
        let secret = Secret::new().unwrap();
        let token = NewToken {
            account: self.account(role),
            name: "test".to_owned(),
            scope: TokenScope::Read,
            expires: now().plus_days(1.0),
        };
        let tx = self.store.begin().await.unwrap();
        tx.add_token(&secret.hash(), &token).await.unwrap();
        tx.commit().await.unwrap();
        secret
    }

    /// What a program that sends this `Authorization` is answered.
    pub(crate) async fn program(&self, path: &str, authorization: &str) -> Answer {
        let request = Request::get(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, authorization)
            .body(Body::empty())
            .unwrap();
        self.stranger().send(request).await
    }

    /// Status and body of what a program of this role is answered.
    pub(crate) async fn api(&self, role: Role, path: &str) -> (u16, serde_json::Value) {
        let token = self.token(role).await;
        let answer = self.program(path, &format!("Bearer {}", token.text())).await;
        (answer.status.as_u16(), serde_json::from_str(&answer.text).unwrap_or_default())
    }

    /// A link that works once; its secret.
    pub(crate) async fn link(&self, purpose: LinkPurpose, account: Option<AccountId>) -> String {
        let secret = Secret::new().unwrap();
        let expires = now().plus_days(1.0);
        let link = Link { purpose, account, address: None, role: None, expires };
        let tx = self.store.begin().await.unwrap();
        tx.add_link(&secret.hash(), &link).await.unwrap();
        tx.commit().await.unwrap();
        secret.text().to_owned()
    }
}

/// The same scheme with the least work: what is tested here is who gets in, not how long it takes.
fn cheap_hash(password: &str) -> String {
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let scheme = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let salt = SaltString::encode_b64(b"sixteen bytes ok").unwrap();
    scheme.hash_password(password.as_bytes(), &salt).unwrap().to_string()
}

/// Kind of a stream of events.
const STREAM: &str = "text/event-stream";

/// A stream of events as a browser hears it.
pub(crate) struct Heard {
    body: Body,
    text: String,
}

impl Heard {
    /// The next event, name and data; `None` when the stream ended. Waits as long as it takes.
    pub(crate) async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let of = |name: &str| {
                    let value = event.lines().find_map(|line| line.strip_prefix(name));
                    value.unwrap_or_default().trim().to_owned()
                };
                if !of("event:").is_empty() {
                    return Some((of("event:"), of("data:")));
                }
                continue;
            }
            let frame = self.body.frame().await?.unwrap();
            self.text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }

    /// Names and data of all events up to and with the first of this name.
    pub(crate) async fn until(&mut self, name: &str) -> Vec<(String, String)> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            let is_it = event.0 == name;
            all.push(event);
            if is_it {
                return all;
            }
        }
        panic!("the stream ended before {name}: {all:?}");
    }
}

pub(crate) fn now() -> Moment {
    Moment::from_ms(jiff::Timestamp::now().as_millisecond())
}

/// Sends requests, with the cookie of a session if it has one.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// The secret of the session that was set; `None` when none was.
    pub(crate) fn session(&self) -> Option<String> {
        let set = self.header("set-cookie").strip_prefix("tieline_session=")?;
        set.split(';').next().filter(|secret| !secret.is_empty()).map(str::to_owned)
    }
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, &[]).body(Body::empty()).unwrap()).await
    }

    /// The text of a page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.text
    }

    /// Posts a form that is taken, and gives the page that it leads to.
    pub(crate) async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text);
        self.page(answer.location()).await
    }

    /// As someone who came by the link of a seat: what the browser holds is the cookie of a guest,
    /// with its name.
    pub(crate) async fn get_as_guest(&self, path: &str) -> Answer {
        let headers = [("cookie", self.cookie.as_deref().unwrap_or_default())];
        let request = self.stranger().request(Method::GET, path, &headers);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As [`Browser::get_as_guest`], with a form.
    pub(crate) async fn post_as_guest(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [("cookie", self.cookie.as_deref().unwrap_or_default())];
        self.stranger().post_with(path, fields, &headers).await
    }

    /// Whether it holds the cookie of a guest.
    pub(crate) fn is_guest(&self) -> bool {
        self.cookie.as_deref().is_some_and(|cookie| cookie.starts_with("tieline_guest_"))
    }

    fn stranger(&self) -> Self {
        Self { router: self.router.clone(), cookie: None }
    }

    /// As a script of ours asks for a part of a page.
    pub(crate) async fn get_part(&self, path: &str) -> Answer {
        let headers = [("hx-request", "true")];
        self.send(self.request(Method::GET, path, &headers).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[]).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect();
        self.post_bytes(path, body.join("&").into_bytes(), headers).await
    }

    /// A form as bytes, which may be no form at all.
    pub(crate) async fn post_bytes(
        &self,
        path: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.post_kind(path, "application/x-www-form-urlencoded", body, headers).await
    }

    /// A body of any kind.
    pub(crate) async fn post_kind(
        &self,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = self
            .request(Method::POST, path, headers)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, "tieline.example");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("tieline_session={cookie}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
    }

    /// Begins to listen to what changes; the stream says first that it is open.
    pub(crate) async fn listen(&self, path: &str, headers: &[(&str, &str)]) -> Heard {
        let request = self.request(Method::GET, path, headers).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], STREAM);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let mut heard = Heard { body: response.into_body(), text: String::new() };
        assert_eq!(heard.next().await.unwrap().0, "open");
        heard
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // A stream has no end.
        let is_endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == STREAM);
        let bytes = match is_endless {
            true => axum::body::Bytes::new(),
            false => body.collect().await.unwrap().to_bytes(),
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// Percent-encodes every byte that is not a letter or a digit.
pub(crate) fn percent(text: &str) -> String {
    percent_bytes(text.as_bytes())
}

pub(crate) fn percent_bytes(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(*byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}

/// Every route: its method and its whole path.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn all_routes() -> impl Iterator<Item = (&'static str, String)> {
    tieline_web::ROUTES.iter().flat_map(|(start, routes)| {
        routes.iter().map(move |(method, rest)| {
            let rest = if *rest == "/" && !start.is_empty() { "" } else { rest };
            (*method, format!("{start}{rest}"))
        })
    })
}
