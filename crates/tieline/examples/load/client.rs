//! A browser and a program of each account, over connections that stay open.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, header};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::Done;

/// An account that is signed in.
pub(crate) struct Account {
    cookie: String,
    token: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    cookie: Option<String>,
}

/// Sends requests to one server.
pub(crate) struct Client {
    base: String,
    pool: Pool<HttpConnector, Full<Bytes>>,
}

impl Client {
    /// For the server that a link leads to.
    pub(crate) fn of(link: &str) -> Done<Self> {
        let start = link.find("://").ok_or("no link to a server")? + 3;
        let end = link[start..].find('/').map_or(link.len(), |at| start + at);
        let base = link[..end].to_owned();
        Ok(Self { base, pool: Pool::builder(TokioExecutor::new()).build_http() })
    }

    /// Opens a session and makes a token.
    pub(crate) async fn sign_in(&self, link: &str) -> Done<Account> {
        let path = link.strip_prefix(&*self.base).ok_or("all links lead to one server")?;
        let entered = self.send(Method::POST, path, &[], String::new()).await?;
        self.opened(entered).await
    }

    /// Makes the owner of a new workspace, and a token.
    #[allow(dead_code, reason = "the tests of faults begin with a new workspace")]
    pub(crate) async fn set_up(&self, link: &str) -> Done<Account> {
        let token = link.split("token=").nth(1).ok_or("no link to set up")?;
        let fields = format!("token={token}&name=Owner&password=two+ferries+and+a+bridge");
        let headers = [(header::CONTENT_TYPE, FORM)];
        let made = self.send(Method::POST, "/set-up", &headers, fields).await?;
        self.opened(made).await
    }

    async fn opened(&self, entered: Answer) -> Done<Account> {
        let cookie = entered.cookie.ok_or("the link does not sign in: make a new one")?;
        let fields = "name=load&scope=read+write".to_owned();
        let made = self.send(Method::POST, "/settings/tokens", &form(&cookie), fields).await?;
        let token = made.text.split("id=\"secret\" value=\"").nth(1).ok_or("no token was made")?;
        let token = token.split('"').next().unwrap_or_default().to_owned();
        Ok(Account { cookie, token })
    }

    /// Reads a page, or what the API tells; the status.
    pub(crate) async fn get(&self, account: &Account, path: &str) -> Done<u16> {
        Ok(self.read(account, path).await?.status.as_u16())
    }

    /// Reads a page, or what the API tells.
    pub(crate) async fn read(&self, account: &Account, path: &str) -> Done<Answer> {
        let bearer = format!("Bearer {}", account.token);
        let headers = match path.starts_with("/api/") {
            true => vec![(header::AUTHORIZATION, &*bearer)],
            false => vec![(header::COOKIE, &*account.cookie)],
        };
        self.send(Method::GET, path, &headers, String::new()).await
    }

    /// Logs that someone was met; the status.
    pub(crate) async fn log_contact(&self, account: &Account, person: &str) -> Done<u16> {
        let fields = format!("who={person}&kind=met&day=2025-12-01&line=a+talk&visibility=own");
        let answer = self.send(Method::POST, "/contacts", &form(&account.cookie), fields).await?;
        Ok(answer.status.as_u16())
    }

    /// Asks the API to do something once, however often it is asked.
    #[allow(dead_code, reason = "the tests of faults hold answers against keys")]
    pub(crate) async fn write(
        &self,
        account: &Account,
        (path, key): (&str, &str),
        body: String,
    ) -> Done<Answer> {
        let bearer = format!("Bearer {}", account.token);
        let headers = [
            (header::AUTHORIZATION, &*bearer),
            (header::CONTENT_TYPE, "application/json"),
            (header::HeaderName::from_static("idempotency-key"), key),
        ];
        self.send(Method::POST, path, &headers, body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: String,
    ) -> Done<Answer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.pool.request(request.body(Full::from(body))?).await?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let set = parts.headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        Ok(Answer {
            status: parts.status,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            cookie: set.and_then(|set| set.split(';').next()).map(str::to_owned),
        })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(cookie: &str) -> [(header::HeaderName, &str); 2] {
    [(header::COOKIE, cookie), (header::CONTENT_TYPE, FORM)]
}
