//! `tieline mail test` against a mail server that really runs, over TLS with a certificate made here.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;

use serde_json::json;
use support::Tieline;
use tieline_testkit::Service;

const PASSWORD: &str = "harbour lights";

#[test]
fn a_letter_goes_over_tls_with_the_password_from_the_environment_or_a_file() {
    let tieline = Tieline::new();
    let folder = tieline.data.path();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let options = json!({ "user": "tieline", "password": PASSWORD, "cert": cert, "key": key });
    let Some(server) = Service::mail(&options) else { return };
    let secret = folder.join("password");
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    let config = |password_file: &str| {
        format!(
            "[server]\nurl = 'https://tieline.example'\n[mail]\nhost = 'localhost'\nport = {}\n\
             from = 'Tieline <tieline@harbour.example>'\nuser = 'tieline'\n\
             password_file = '{password_file}'\n",
            server.port
        )
    };
    let send = |password: Option<&str>| {
        let mut command = tieline.command(&["mail", "test", "zora@harbour.example"]);
        command.env("SSL_CERT_FILE", &cert).env_remove("TIELINE_MAIL_PASSWORD");
        if let Some(password) = password {
            command.env("TIELINE_MAIL_PASSWORD", password);
        }
        command.output().unwrap()
    };
    fs::write(folder.join("tieline.toml"), config(secret.to_str().unwrap())).unwrap();
    for password in [None, Some(PASSWORD)] {
        let sent = send(password);
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
        let taken = server.next();
        assert_eq!(
            (&taken["to"], &taken["secure"]),
            (&json!(["zora@harbour.example"]), &json!(true))
        );
    }
    let refused = send(Some("a wrong word"));
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && why.contains("[mail] in tieline.toml"), "{why}");
    assert!(!why.contains("a wrong word"), "{why}");
    let shown = tieline.ok(&["config", "show"]);
    assert!(shown.contains("mail: localhost:") && !shown.contains(PASSWORD), "{shown}");
}

#[test]
fn without_a_mail_server_or_an_address_it_says_so() {
    let tieline = Tieline::new();
    assert!(tieline.fails(&["mail", "test", "zora@harbour.example"]).contains("fill in [mail]"));
    assert!(tieline.fails(&["mail", "test", "zora"]).contains("'zora' is no mail address"));
}
