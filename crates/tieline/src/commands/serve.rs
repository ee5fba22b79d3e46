//! `tieline serve`: the web application, and beside it a thread that keeps its network current.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::serve::ListenerExt as _;
use tieline_lake::Lake;
use tieline_model::access::Role;
use tieline_model::id::AccountId;
use tieline_model::time::Moment;
use tieline_store::{Link, LinkPurpose, NewAccount, Store};
use tieline_web::{App, Live, Provider, ProviderSettings, Secret, Settings, entry_link, router};

use crate::cli::{LogFormat, ServeArgs};
use crate::config::Config;
use crate::config::doors::TlsFiles;
use crate::output::{line, note};
use crate::pipeline::keep::{self, Duties};
use crate::pipeline::lookout::FolderLookout;
use crate::pipeline::post::Postman;
use crate::pipeline::worker::UPLOADS;
use crate::tls::TlsListener;
use crate::workspace::{Workspace, data_folder, runtime};

/// Largest upload, bytes.
const MAX_UPLOAD_BYTES: usize = 4 << 30;

/// How long a link of the terminal works, days: an hour.
const LINK_DAYS: f64 = 1.0 / 24.0;

/// How to serve.
#[derive(Debug, Clone)]
pub(super) struct Serving {
    pub(super) listen: SocketAddr,
    pub(super) secure: bool,
    /// Certificate and key of the command line.
    pub(super) tls: Option<TlsFiles>,
    pub(super) open: bool,
    /// Whether jobs are run here too.
    pub(super) work: bool,
    pub(super) demo: bool,
    pub(super) log: LogFormat,
}

/// Who comes in by the link that the terminal prints.
#[derive(Debug, Clone, Copy)]
pub(super) enum First {
    /// Whoever holds it becomes the owner, if there is none.
    Owner,
    /// An account of this name, made if there is none.
    Visitor(&'static str),
}

/// Serves a workspace until it is told to stop.
pub(super) fn run(data: Option<&Path>, args: &ServeArgs) -> Result<()> {
    let data = data_folder(data)?;
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    let serving = Serving {
        listen: args.listen,
        secure: args.secure,
        tls: tls.map(|(cert, key)| TlsFiles { cert, key }),
        open: !args.no_open,
        work: !args.no_worker,
        demo: false,
        log: args.log_format,
    };
    serve(&data, serving, First::Owner)
}

/// Serves the data folder.
pub(super) fn serve(data: &Path, mut serving: Serving, first: First) -> Result<()> {
    log_to_stderr(serving.log);
    let workspace = Workspace::open_beside(data)?;
    // Jobs name uploaded files by whole paths, the same for every program that works here.
    let data = &workspace.data.canonicalize().context("cannot find the data folder")?;
    let config = workspace.config.clone();
    drop(workspace);
    serving.tls = serving.tls.or_else(|| config.doors.tls.clone());
    let runtime = runtime()?;
    let app = App {
        provider: provider(&config)?.map(Arc::new),
        store: runtime.block_on(Workspace::open_store(data))?,
        lake: Arc::new(Lake::open(data).context("cannot open the lake")?),
        live: Arc::new(Live::looking(Arc::new(FolderLookout { data: data.clone() }))),
        settings: Arc::new(Settings {
            workspace: config.workspace.clone(),
            uploads: data.join(UPLOADS),
            max_upload_bytes: MAX_UPLOAD_BYTES,
            import_folders: config.import_folders.clone(),
            api_requests_a_minute: config.api_requests_a_minute,
            secure: serving.secure || serving.tls.is_some(),
            demo: serving.demo,
            mails: config.doors.mail.is_some(),
            proxies: config.doors.proxies.clone(),
        }),
    };
    let duties = Duties { live: Some(app.live.clone()), jobs: serving.work };
    let keeper = keep::start(data.clone(), duties)?;
    let postman = if serving.work { Postman::start(data)? } else { None };
    let served = runtime.block_on(listen(app, &serving, first));
    postman.into_iter().for_each(Postman::stop);
    keeper.stop();
    served
}

/// Whoever vouches for people, as the configuration says.
fn provider(config: &Config) -> Result<Option<Provider>> {
    let (Some(oidc), Some(url)) = (&config.doors.oidc, &config.doors.url) else { return Ok(None) };
    let settings = ProviderSettings {
        name: oidc.name.clone(),
        issuer: oidc.issuer.clone(),
        client: oidc.client.clone(),
        secret: oidc.secret.read()?,
        scopes: oidc.scopes.clone(),
        claim: oidc.claim,
        unknown: oidc.unknown,
        domains: oidc.domains.clone(),
        url: url.clone(),
    };
    Provider::new(settings).map(Some).context("cannot use [oidc] of tieline.toml")
}

/// Where connections come in.
enum Listening {
    Plain(tokio::net::TcpListener),
    Tls(TlsListener),
}

async fn listen(app: App, serving: &Serving, first: First) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(serving.listen).await.with_context(|| {
        format!(
            "cannot listen on {}: another program may use this port; say another one",
            serving.listen
        )
    })?;
    let address = listener.local_addr().context("cannot tell the port")?;
    let (scheme, listening) = match &serving.tls {
        Some(files) => ("https", Listening::Tls(TlsListener::new(listener, files)?)),
        None => ("http", Listening::Plain(listener)),
    };
    let base = format!("{scheme}://{address}");
    let link = entry(&app.store, first, &base).await?;
    line(format!("serving on {base}  (Ctrl-C stops)"))?;
    if let Some(link) = &link {
        line(format!("open this link, it works once: {link}"))?;
    }
    if serving.open {
        open_browser(link.as_deref().unwrap_or(&base));
    }
    // Who asks is known to the pages: counts are for programs on this machine.
    let live = Arc::clone(&app.live);
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = async move {
        told_to_stop().await;
        // Streams have no end of their own, and the server waits for every answer to end.
        live.close();
    };
    let served = match listening {
        // Only what is tapped tells where a connection comes from.
        Listening::Tls(tls) => {
            let tls = tls.tap_io(|_| {});
            axum::serve(tls, service).with_graceful_shutdown(stopping).await
        }
        Listening::Plain(plain) => {
            axum::serve(plain, service).with_graceful_shutdown(stopping).await
        }
    };
    served.context("the server failed")
}

/// The link of the terminal; `None` where there is an owner, who signs in.
async fn entry(store: &Store, first: First, base: &str) -> Result<Option<String>> {
    match first {
        First::Owner if store.count_accounts().await? > 0 => Ok(None),
        First::Owner => {
            let secret = Secret::new()?;
            add_link(store, &secret, LinkPurpose::Setup, None).await?;
            Ok(Some(format!("{base}/set-up?token={}", secret.text())))
        }
        First::Visitor(name) => {
            let known = store.account_by_login(name).await?.map(|(account, _)| account.id);
            let account = match known {
                Some(account) => account,
                None => add_owner(store, name).await?,
            };
            Ok(Some(sign_in_link(store, account, base).await?))
        }
    }
}

async fn add_owner(store: &Store, name: &str) -> Result<AccountId> {
    let account = NewAccount {
        login: name.to_owned(),
        name: name.to_owned(),
        role: Role::Owner,
        password_hash: None,
        actor: None,
    };
    let tx = store.begin().await?;
    let id = tx.add_account(&account).await?;
    tx.commit().await?;
    Ok(id)
}

/// A link that signs an account in, once, within the hour.
///
/// # Errors
/// When the store cannot be written.
pub(super) async fn sign_in_link(store: &Store, account: AccountId, base: &str) -> Result<String> {
    let secret = Secret::new()?;
    add_link(store, &secret, LinkPurpose::SignIn, Some(account)).await?;
    Ok(entry_link(base, &secret))
}

async fn add_link(
    store: &Store,
    secret: &Secret,
    purpose: LinkPurpose,
    account: Option<AccountId>,
) -> Result<()> {
    let now = Moment::from_ms(jiff::Timestamp::now().as_millisecond());
    let expires = now.plus_days(LINK_DAYS);
    let link = Link { purpose, account, address: None, role: None, expires };
    let tx = store.begin().await?;
    tx.add_link(&secret.hash(), &link).await?;
    Ok(tx.commit().await?)
}

/// Until Ctrl-C, or until the system asks.
pub(super) async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Asks the desktop; where there is none, the printed link remains.
fn open_browser(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let asked = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if asked.is_err() {
        note("no browser could be opened: open the link yourself");
    }
}

/// Log lines, readable alone; names and addresses are in none of them.
pub(super) fn log_to_stderr(format: LogFormat) {
    let subscriber = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false);
    let started = match format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    if started.is_err() {
        note("logging was set up already");
    }
}
