//! TLS of the server itself. The certificate is read anew for each connection that begins, so that new
//! files are used without a restart; files that are wrong meanwhile change nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::serve::Listener;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::doors::TlsFiles;

/// How long a browser may take to agree on TLS.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that agreed on TLS and wait to be served.
const WAITING: usize = 64;

/// The certificate as it was last right, with the bytes that it was read from.
#[derive(Debug)]
struct Certificate {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    bytes: (Vec<u8>, Vec<u8>),
    key: Arc<CertifiedKey>,
}

impl Certificate {
    fn open(files: &TlsFiles, provider: Arc<CryptoProvider>) -> Result<Self> {
        let bytes = bytes(files)?;
        let key = Arc::new(certified(files, &bytes, &provider)?);
        Ok(Self { files: files.clone(), provider, known: Mutex::new(Known { bytes, key }) })
    }

    /// Two small files: reading them costs far less than the handshake that follows.
    fn current(&self) -> Arc<CertifiedKey> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match bytes(&self.files) {
            Ok(found) if found != known.bytes => {
                match certified(&self.files, &found, &self.provider) {
                    Ok(key) => {
                        known.key = Arc::new(key);
                        tracing::info!("a new certificate is in use");
                    }
                    Err(error) => {
                        tracing::warn!("the last certificate stays in use: {error:#}");
                    }
                }
                known.bytes = found;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("the last certificate stays in use: {error:#}"),
        }
        Arc::clone(&known.key)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

fn bytes(files: &TlsFiles) -> Result<(Vec<u8>, Vec<u8>)> {
    let read = |path: &std::path::Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    Ok((read(&files.cert)?, read(&files.key)?))
}

fn certified(
    files: &TlsFiles,
    (cert, key): &(Vec<u8>, Vec<u8>),
    provider: &CryptoProvider,
) -> Result<CertifiedKey> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(cert).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).with_context(|| {
        let path = files.cert.display();
        format!("{path} holds no certificate: a PEM file with CERTIFICATE in it is needed")
    })?;
    let key = PrivateKeyDer::from_pem_slice(key).ok().with_context(|| {
        let path = files.key.display();
        format!("{path} holds no key: a PEM file with PRIVATE KEY in it is needed")
    })?;
    CertifiedKey::from_der(chain, key, provider).with_context(|| {
        let (cert, key) = (files.cert.display(), files.key.display());
        format!("{cert} and {key} do not belong together, or are of a kind that is not known")
    })
}

/// Takes connections and agrees on TLS, each apart: a slow one holds up nobody.
pub(crate) struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl TlsListener {
    /// Over a listener, with the certificate in these files. Needs a runtime.
    ///
    /// # Errors
    /// When the files are not a certificate and its key.
    pub(crate) fn new(listener: TcpListener, files: &TlsFiles) -> Result<Self> {
        let provider = Arc::new(ring::default_provider());
        let certificate = Certificate::open(files, Arc::clone(&provider))?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("cannot set up TLS")?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(certificate));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let address = listener.local_addr().context("cannot tell the port")?;
        let (sender, ready) = mpsc::channel(WAITING);
        tokio::spawn(take(listener, TlsAcceptor::from(Arc::new(config)), sender));
        Ok(Self { ready, address })
    }
}

async fn take(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    while !sender.is_closed() {
        let (stream, from) = tokio::select! {
            taken = Listener::accept(&mut listener) => taken,
            () = sender.closed() => return,
        };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            // Who does not speak TLS, or trusts another certificate, is no fault of ours.
            let agreed = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await;
            if let Ok(Ok(stream)) = agreed {
                let _gone = sender.send((stream, from)).await;
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(taken) => taken,
            // The task that takes connections lives as long as this does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

#[cfg(test)]
mod tests;
