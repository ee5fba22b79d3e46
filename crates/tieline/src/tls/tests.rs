#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

use std::fs;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::*;
use crate::workspace::runtime;

/// A certificate for this name; what is in its file, and its key.
fn made() -> (Vec<u8>, String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let der = made.cert.der().to_vec();
    (der, made.cert.pem(), made.signing_key.serialize_pem())
}

fn files(folder: &TempDir) -> TlsFiles {
    TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") }
}

/// Agrees on TLS, trusting these certificates; the one that was shown.
async fn shown(address: SocketAddr, trusted: &[&Vec<u8>]) -> Option<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    for der in trusted {
        roots.add(CertificateDer::from((*der).clone())).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
    let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let certificate = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    Some(certificate)
}

#[test]
fn new_files_are_used_at_once_and_wrong_ones_never() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (one, two) = (made(), made());
    let write = |cert: &str, key: &str| {
        fs::write(&files.cert, cert).unwrap();
        fs::write(&files.key, key).unwrap();
    };
    write(&one.1, &one.2);
    runtime().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tls = TlsListener::new(listener, &files).unwrap();
        let address = tls.local_addr().unwrap();
        let whence =
            |from: axum::extract::ConnectInfo<SocketAddr>| async move { from.ip().to_string() };
        let router = axum::Router::new().route("/", axum::routing::get(whence));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        use axum::serve::ListenerExt as _;
        tokio::spawn(async move { axum::serve(tls.tap_io(|_| {}), service).await.unwrap() });

        // Who says nothing, or speaks no TLS, holds up nobody.
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let both = [&one.0, &two.0];
        assert_eq!(shown(address, &both).await, Some(one.0.clone()));
        assert_eq!(shown(address, &[&two.0]).await, None, "nobody trusts it");
        write(&two.1, &one.2);
        assert_eq!(shown(address, &both).await, Some(one.0.clone()), "half of the new one");
        write(&two.1, &two.2);
        assert_eq!(shown(address, &both).await, Some(two.0.clone()));
        write("nonsense", "");
        assert_eq!(shown(address, &both).await, Some(two.0.clone()));
        fs::remove_file(&files.cert).unwrap();
        assert_eq!(shown(address, &both).await, Some(two.0.clone()));
    });
}

#[test]
fn files_that_are_no_certificate_and_its_key_are_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let ring = Arc::new(ring::default_provider());
    let fault = || format!("{:#}", Certificate::open(&files, Arc::clone(&ring)).unwrap_err());
    assert!(fault().contains("cannot read") && fault().contains("cert.pem"), "{}", fault());
    let (one, two) = (made(), made());
    fs::write(&files.cert, "nonsense").unwrap();
    fs::write(&files.key, &two.2).unwrap();
    assert!(fault().contains("cert.pem holds no certificate"), "{}", fault());
    fs::write(&files.cert, &one.1).unwrap();
    assert!(fault().contains("do not belong together"), "{}", fault());
    fs::write(&files.key, "").unwrap();
    assert!(fault().contains("key.pem holds no key"), "{}", fault());
}
