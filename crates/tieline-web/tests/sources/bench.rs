use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tieline_lake::Lake;
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::id::{AddressId, ImportId, JobId};
use tieline_model::issue::{Issue, Position, Severity};
use tieline_model::job::Job;
use tieline_model::time::Moment;
use tieline_store::{
    ImportFile, NewAccount, NewImport, NewSession, Sighting, Store, StoreError, StoreUrl,
    StoredJob, Tallies,
};
use tieline_web::{App, Live, Secret, Settings, router};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// What comes between the parts of a form.
const EDGE: &str = "edge-of-a-part";

/// Most that this server takes, bytes.
pub(crate) const MOST: usize = 100_000;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) to: String,
    pub(crate) refreshes: bool,
    pub(crate) text: String,
}

/// A server with a steward and a member.
pub(crate) struct Bench {
    pub(crate) data: TempDir,
    pub(crate) open: TempDir,
    pub(crate) store: Store,
    runtime: Runtime,
    router: Router,
    steward: String,
    member: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (data, open) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let url = StoreUrl::file(data.path().join("tieline.db"));
        let store = runtime.block_on(Store::open(&url)).unwrap();
        let app = App {
            store: store.clone(),
            lake: Arc::new(Lake::open(data.path()).unwrap()),
            live: Arc::new(Live::default()),
            provider: None,
            settings: Arc::new(Settings {
                mails: false,
                proxies: Vec::new(),
                workspace: "Test".to_owned(),
                uploads: data.path().join("uploads"),
                max_upload_bytes: MOST,
                import_folders: vec![open.path().to_owned()],
                api_requests_a_minute: tieline_web::MOST_A_MINUTE,
                secure: false,
                demo: false,
            }),
        };
        let steward = runtime.block_on(sign_in(&store, Role::Steward));
        let member = runtime.block_on(sign_in(&store, Role::Member));
        Self { data, open, store, runtime, router: router(app), steward, member }
    }

    pub(crate) fn wait<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> T {
        self.runtime.block_on(work).unwrap()
    }

    fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
            let header = |name: &str| {
                let value = response.headers().get(name);
                value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
            };
            let (status, to) = (response.status().as_u16(), header("location"));
            let refreshes = header("hx-refresh") == "true";
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            Answer { status, to, refreshes, text: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }

    fn asked(&self, method: &str, path: &str, cookie: &str) -> axum::http::request::Builder {
        let cookie = format!("tieline_session={cookie}");
        Request::builder().method(method).uri(path).header(header::COOKIE, cookie)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(self.asked("GET", path, &self.steward).body(Body::empty()).unwrap())
    }

    /// As a script asks that refreshes a part of a page.
    pub(crate) fn part(&self, path: &str) -> Answer {
        let asked = self.asked("GET", path, &self.steward).header("hx-request", "true");
        self.send(asked.body(Body::empty()).unwrap())
    }

    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        self.post_as(&self.steward, path, form)
    }

    fn post_as(&self, cookie: &str, path: &str, form: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let asked = self.asked("POST", path, cookie).header(header::CONTENT_TYPE, kind);
        self.send(asked.body(Body::from(form.to_owned())).unwrap())
    }

    /// What a member gets: a page, and a change.
    pub(crate) fn as_member(&self, method: &str, path: &str) -> u16 {
        match method {
            "GET" => {
                self.send(self.asked("GET", path, &self.member).body(Body::empty()).unwrap()).status
            }
            _ => self.post_as(&self.member, path, "").status,
        }
    }

    /// Uploads files and names a folder.
    pub(crate) fn upload(&self, files: &[(&str, &[u8])], folder: &str) -> Answer {
        let mut form = Vec::new();
        for (name, content) in files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
            );
            form.extend_from_slice(head.as_bytes());
            form.extend_from_slice(content);
            form.extend_from_slice(b"\r\n");
        }
        let tail = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n{folder}\r\n--{EDGE}--\r\n"
        );
        form.extend_from_slice(tail.as_bytes());
        self.upload_raw(form)
    }

    pub(crate) fn upload_raw(&self, form: Vec<u8>) -> Answer {
        let kind = format!("multipart/form-data; boundary={EDGE}");
        let asked = self.asked("POST", "/imports", &self.steward);
        self.send(asked.header(header::CONTENT_TYPE, kind).body(Body::from(form)).unwrap())
    }

    /// Every file below the folder for uploads, by its path in it.
    pub(crate) fn uploaded(&self) -> Vec<PathBuf> {
        let folder = self.data.path().join("uploads");
        let mut found = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(at) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&at) else { continue };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&folder).unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }

    pub(crate) fn jobs(&self) -> Vec<StoredJob> {
        self.wait(self.store.jobs(None, 100))
    }

    pub(crate) fn ask(&self, job: &Job) -> JobId {
        self.wait(async {
            let tx = self.store.begin().await?;
            let id = tx.enqueue(job, None, None).await?;
            tx.commit().await?;
            Ok(id)
        })
    }

    /// A worker takes the next job.
    pub(crate) fn claim(&self) -> JobId {
        self.wait(async {
            let tx = self.store.begin().await?;
            let job = tx.claim_job("worker", Moment::from_ms(0), i64::MAX).await?;
            tx.commit().await?;
            Ok(job.unwrap().id)
        })
    }

    /// The worker ends it.
    pub(crate) fn finish(&self, id: JobId, outcome: Result<Option<ImportId>, &str>) {
        self.wait(async {
            let tx = self.store.begin().await?;
            tx.finish_job(id, "worker", outcome).await?;
            tx.commit().await
        });
    }

    /// An import that is done, with issues.
    pub(crate) fn import(&self, label: &str, issues: usize) -> ImportId {
        let id = ImportId::of(&[label.as_bytes()]);
        let tallies = Tallies {
            read: 100 + issues as u64,
            new: 90,
            duplicate: 10,
            issues: issues as u64,
            ..Tallies::default()
        };
        let issues: Vec<Issue> = (0..issues)
            .map(|n| Issue {
                file: "=mail, old.mbox".to_owned(),
                position: Position::Line(n as u64 + 1),
                severity: Severity::Lost,
                reason: format!("broken in way {n}"),
            })
            .collect();
        let file = ImportFile {
            name: "<b>mail</b>.mbox".to_owned(),
            kind: "mbox".to_owned(),
            bytes: 1_500,
            records: 100,
            lost: 0,
            repaired: 0,
            skipped_why: None,
        };
        self.wait(async {
            let tx = self.store.begin().await?;
            let new = NewImport {
                id,
                label: label.to_owned(),
                bytes: 1_500,
                tool_version: "1".to_owned(),
            };
            tx.begin_import(&new).await?;
            tx.add_files(id, &[file]).await?;
            tx.add_issues(id, &issues).await?;
            tx.finish_import(id, &tallies).await?;
            tx.commit().await
        });
        id
    }

    /// Addresses that an import saw.
    pub(crate) fn sight(&self, import: ImportId, addresses: &[Address]) -> Vec<AddressId> {
        let ids: Vec<AddressId> = addresses.iter().map(Address::id).collect();
        let seen = |id: &AddressId| Sighting { sent: 3, received: 4, ..Sighting::named(*id) };
        let sightings: Vec<Sighting> = ids.iter().map(seen).collect();
        self.wait(async {
            let tx = self.store.begin().await?;
            tx.add_addresses(addresses).await?;
            tx.add_sightings(import, &sightings).await?;
            tx.commit().await
        });
        ids
    }
}

async fn sign_in(store: &Store, role: Role) -> String {
    let secret = Secret::new().unwrap();
    let tx = store.begin().await.unwrap();
    let name = role.name().to_owned();
    let new = NewAccount { login: name.clone(), name, role, password_hash: None, actor: None };
    let account = tx.add_account(&new).await.unwrap();
    let expires = Moment::from_ms(i64::MAX / 2);
    let session = NewSession { account, expires, about: "test".to_owned() };
    tx.open_session(&secret.hash(), &session).await.unwrap();
    tx.commit().await.unwrap();
    secret.text().to_owned()
}

/// Text of a page as people read it: without tags, spaces as one.
pub(crate) fn words(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap_or(html);
    let mut text = String::new();
    let mut inside = true;
    for c in main.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Path as text.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
