//! Getting in and out: set-up, passwords, links that work once, sessions, and other sites.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use axum::http::Method;
use support::world::{COLLEAGUE, actor_of, address_of};
use support::{Answer, Browser, Kit, PASSWORD, TestApp, now};
use tieline_model::access::Role;
use tieline_model::address::Address;
use tieline_model::job::{Job, Letter};
use tieline_store::{LinkPurpose, NewSession, StoredJob};
use tieline_web::Secret;

const WRONG: &str = "not the password";

async fn set_up(browser: &Browser, token: &str, name: &str) -> Answer {
    let fields =
        [("token", token), ("name", name), ("password", PASSWORD), ("zone", "Europe/Oslo")];
    browser.post("/set-up", &fields).await
}

async fn sign_in(browser: &Browser, login: &str, password: &str) -> Answer {
    browser.post("/sign-in", &[("login", login), ("password", password)]).await
}

/// Whether a session with this secret is open.
async fn is_open(app: &TestApp, secret: &str) -> bool {
    match app.with_cookie(secret).get("/settings").await.status.as_u16() {
        200 => true,
        303 => false,
        other => panic!("the settings page answers {other}"),
    }
}

#[tokio::test]
async fn the_holder_of_the_set_up_link_becomes_the_owner_once() {
    let app = TestApp::empty().await;
    let browser = app.stranger();
    assert_eq!(browser.get("/sign-in").await.location(), "/set-up");
    let token = app.link(LinkPurpose::Setup, None).await;
    assert_eq!(browser.get(&format!("/set-up?token={token}")).await.status, 200);
    let made = set_up(&browser, &token, "Zora").await;
    assert_eq!((made.status.as_u16(), made.location()), (303, "/"));
    assert!(is_open(&app, &made.session().unwrap()).await);
    let (owner, _) = app.store.account_by_login("zora").await.unwrap().unwrap();
    assert_eq!((owner.role, &*owner.time_zone), (Role::Owner, "Europe/Oslo"));
    let again = set_up(&browser, &token, "Second").await;
    assert_eq!((again.location(), again.session()), ("/sign-in", None));
    assert_eq!(app.store.count_accounts().await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_becomes_the_owner_by_a_wrong_or_an_unfit_link() {
    let app = TestApp::empty().await;
    let browser = app.stranger();
    let sign_in_link = app.link(LinkPurpose::SignIn, None).await;
    for token in ["", "guessed", &sign_in_link] {
        assert_eq!(set_up(&browser, token, "Zora").await.status, 410, "{token:?}");
    }
    assert_eq!(app.store.count_accounts().await.unwrap(), 0);
}

#[tokio::test]
async fn a_form_with_faults_does_not_use_the_link_up() {
    let app = TestApp::empty().await;
    let token = app.link(LinkPurpose::Setup, None).await;
    let fields = [("token", &*token), ("name", ""), ("password", "short")];
    let refused = app.stranger().post("/set-up", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Enter your name.") && refused.text.contains("10 characters"));
    assert!(!refused.text.contains("short\""), "a password is never sent back");
    assert_eq!(set_up(&app.stranger(), &token, "Zora").await.location(), "/");
}

#[tokio::test]
async fn of_two_who_race_one_becomes_the_owner() {
    let app = TestApp::empty().await;
    // With one link, and with the links of two starts of the server.
    let token = app.link(LinkPurpose::Setup, None).await;
    let other = app.link(LinkPurpose::Setup, None).await;
    let browser = app.stranger();
    let (a, b, c) = tokio::join!(
        set_up(&browser, &token, "One"),
        set_up(&browser, &token, "Two"),
        set_up(&browser, &other, "Three")
    );
    let sessions = [a, b, c].iter().filter(|answer| answer.session().is_some()).count();
    assert_eq!((sessions, app.store.count_accounts().await.unwrap()), (1, 1));
}

#[tokio::test]
async fn a_right_password_opens_a_session_whose_cookie_no_script_reads() {
    let app = TestApp::new().await;
    let answer = sign_in(&app.stranger(), "Member", PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/"));
    assert!(is_open(&app, &answer.session().unwrap()).await);
    let cookie = answer.header("set-cookie");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn over_tls_the_cookie_is_for_tls_alone() {
    let app = TestApp::of(Kit { roles: &[Role::Owner], secure: true, ..Kit::default() }).await;
    let answer = sign_in(&app.stranger(), "owner", PASSWORD).await;
    assert!(answer.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn wrong_unknown_and_disabled_are_told_alike() {
    let app = TestApp::new().await;
    let tx = app.store.begin().await.unwrap();
    tx.disable_account(app.account(Role::Steward)).await.unwrap();
    tx.commit().await.unwrap();
    let browser = app.stranger();
    let mut texts = Vec::new();
    for (login, password) in [("member", WRONG), ("nobody", PASSWORD), ("steward", PASSWORD)] {
        let answer = sign_in(&browser, login, password).await;
        assert_eq!((answer.status.as_u16(), answer.session()), (422, None), "{login}");
        assert!(!answer.text.contains(password), "a password is never sent back");
        texts.push(answer.text.replace(login, "LOGIN"));
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[tokio::test]
async fn after_ten_wrong_passwords_a_name_waits_however_it_is_written() {
    let app = TestApp::new().await;
    let browser = app.stranger();
    for login in ["member", "MEMBER", " member ", "mémber", "Mèmber"] {
        for _ in 0..2 {
            assert_eq!(sign_in(&browser, login, WRONG).await.status, 422, "{login}");
        }
    }
    for login in ["member", "mëmber"] {
        let answer = sign_in(&browser, login, PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.session()), (429, None), "{login}");
    }
    assert_eq!(sign_in(&browser, "owner", PASSWORD).await.status, 303, "others may go on");
    for _ in 0..10 {
        assert_eq!(sign_in(&browser, "nobody", WRONG).await.status, 422);
    }
    assert_eq!(sign_in(&browser, "nobody", WRONG).await.status, 429, "as for a known name");
}

#[tokio::test]
async fn a_right_password_forgets_the_wrong_ones_before() {
    let app = TestApp::new().await;
    let browser = app.stranger();
    for round in 0..2 {
        for _ in 0..9 {
            assert_eq!(sign_in(&browser, "member", WRONG).await.status, 422);
        }
        assert_eq!(sign_in(&browser, "member", PASSWORD).await.status, 303, "round {round}");
    }
}

#[tokio::test]
async fn signing_in_ends_the_session_that_the_browser_brought() {
    let app = TestApp::new().await;
    let first = app.as_(Role::Member).await;
    let old = first.cookie.clone().unwrap();
    let new = sign_in(&first, "member", PASSWORD).await.session().unwrap();
    assert_ne!(old, new);
    assert!(!is_open(&app, &old).await && is_open(&app, &new).await);
    // A secret that someone planted opens nothing.
    let planted = app.with_cookie("planted");
    let new = sign_in(&planted, "member", PASSWORD).await.session().unwrap();
    assert_ne!(new, "planted");
    assert!(!is_open(&app, "planted").await);
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let other = app.as_(Role::Member).await.cookie.unwrap();
    let out = member.post("/sign-out", &[]).await;
    assert_eq!((out.status.as_u16(), out.location()), (303, "/sign-in"));
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert!(!is_open(&app, &member.cookie.unwrap()).await);
    assert!(is_open(&app, &other).await, "another device stays signed in");
}

#[tokio::test]
async fn a_link_works_once_and_looking_at_it_does_not_use_it_up() {
    let app = TestApp::new().await;
    let secret = app.link(LinkPurpose::SignIn, Some(app.account(Role::Member))).await;
    let path = format!("/enter/{secret}");
    let browser = app.stranger();
    for _ in 0..2 {
        let looked = browser.get(&path).await;
        assert_eq!((looked.status.as_u16(), looked.session()), (200, None));
    }
    let entered = browser.post(&path, &[]).await;
    assert_eq!((entered.status.as_u16(), entered.location()), (303, "/"));
    assert!(is_open(&app, &entered.session().unwrap()).await);
    let again = browser.post(&path, &[]).await;
    assert_eq!((again.status.as_u16(), again.session()), (410, None));
}

#[tokio::test]
async fn a_link_for_something_else_signs_nobody_in() {
    let app = TestApp::new().await;
    let owner = Some(app.account(Role::Owner));
    for purpose in [LinkPurpose::Setup, LinkPurpose::OwnData, LinkPurpose::Provider] {
        let secret = app.link(purpose, owner).await;
        let answer = app.stranger().post(&format!("/enter/{secret}"), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.session()), (410, None), "{purpose:?}");
        let hash = blake3::hash(secret.as_bytes()).to_hex();
        assert!(app.store.link(&hash, now()).await.unwrap().is_some(), "{purpose:?} still works");
    }
}

/// Letters that wait, the newest first.
async fn letters(app: &TestApp) -> Vec<Letter> {
    let jobs = app.store.jobs(None, 100).await.unwrap().into_iter();
    let letter = |job: StoredJob| match job.job {
        Job::Mail { letter } => Some(letter),
        _ => None,
    };
    jobs.filter_map(letter).collect()
}

async fn app_with_mail() -> TestApp {
    let app = TestApp::of(Kit { mails: true, ..Kit::default() }).await;
    let tx = app.store.begin().await.unwrap();
    let mail = Address::email("member@harbour.example").unwrap();
    tx.set_account_mail(app.account(Role::Member), Some(&mail)).await.unwrap();
    tx.commit().await.unwrap();
    app
}

#[tokio::test]
async fn a_known_and_an_unknown_address_get_the_same_answer() {
    let app = app_with_mail().await;
    let browser = app.stranger();
    assert!(browser.get("/sign-in").await.text.contains("Send me a link"));
    let ask = async |mail: &str| browser.post("/sign-in/mail", &[("mail", mail)]).await;
    let (known, unknown) = (ask("Member@Harbour.example").await, ask("who@else.example").await);
    assert_eq!((known.status.as_u16(), known.location()), (303, "/sign-in?done=mail"));
    assert_eq!((unknown.status, unknown.location()), (known.status, known.location()));
    assert!(browser.get(known.location()).await.text.contains("If this address belongs"));
    let member = Some(app.account(Role::Member));
    let expected = [Letter::SignIn { account: None }, Letter::SignIn { account: member }];
    assert_eq!(letters(&app).await, expected);
    let refused = ask("nobody").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Enter a mail address") && refused.text.contains("nobody"));
    let tx = app.store.begin().await.unwrap();
    tx.disable_account(app.account(Role::Member)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ask("member@harbour.example").await.status, 303);
    assert_eq!(letters(&app).await[0], Letter::SignIn { account: None }, "who may not come in");
}

#[tokio::test]
async fn one_address_and_one_network_get_so_many_letters_an_hour() {
    let app = app_with_mail().await;
    let browser = app.stranger();
    let ask = async |mail: &str| browser.post("/sign-in/mail", &[("mail", mail)]).await.status;
    for _ in 0..5 {
        assert_eq!(ask("member@harbour.example").await, 303);
    }
    assert_eq!(ask("MEMBER@harbour.example").await, 429);
    for n in 0..25 {
        assert_eq!(ask(&format!("someone{n}@else.example")).await, 303, "{n}");
    }
    assert_eq!(ask("last@else.example").await, 429, "known or not");
    assert_eq!(letters(&app).await.len(), 30);
}

#[tokio::test]
async fn the_owner_invites_by_a_link_on_the_screen_or_by_mail_and_can_take_it_back() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    let fields = [("invited", "Zora"), ("role", "steward"), ("mail", "zora@harbour.example")];
    let shown = owner.post("/settings/accounts", &fields).await;
    assert_eq!(shown.status, 200);
    let from = shown.text.find("/enter/").unwrap();
    let link = shown.text[from..].split('"').next().unwrap();
    let entered = app.stranger().post(link, &[]).await;
    assert!(is_open(&app, &entered.session().unwrap()).await);
    let (zora, _) = app.store.account_by_login("zora").await.unwrap().unwrap();
    assert_eq!(zora.role, Role::Steward);
    let twice = owner.post("/settings/accounts", &fields).await;
    assert_eq!(twice.status, 422);
    assert!(twice.text.contains("Another account has this") && twice.text.contains("Zora"));
    let close = format!("/settings/accounts/{}/closure", zora.id);
    assert_eq!(owner.post(&close, &[]).await.status, 303);
    assert!(!is_open(&app, &entered.session().unwrap()).await);
    let own = format!("/settings/accounts/{}/closure", app.account(Role::Owner));
    assert_eq!(owner.post(&own, &[]).await.status, 409);

    let app = app_with_mail().await;
    let owner = app.as_(Role::Owner).await;
    let done = owner.post("/settings/accounts", &fields).await;
    let (zora, _) = app.store.account_by_login("zora").await.unwrap().unwrap();
    assert_eq!(done.location(), format!("/settings?done=invited&undo={}", zora.id));
    let told = owner.get(done.location()).await.text;
    assert!(told.contains("on its way by mail") && told.contains(&format!("{}/closure", zora.id)));
    assert_eq!(letters(&app).await, [Letter::Invitation { account: zora.id }]);
    let again = owner.post(&format!("/settings/accounts/{}/link", zora.id), &[]).await;
    assert_eq!(again.location(), "/settings?done=mailed");
    assert_eq!(letters(&app).await[0], Letter::SignIn { account: Some(zora.id) });
}

#[tokio::test]
async fn where_mail_goes_is_said_by_the_owner_and_is_one_accounts_alone() {
    let app = app_with_mail().await;
    let owner = app.as_(Role::Owner).await;
    let path = |role| format!("/settings/accounts/{}/mail", app.account(role));
    let set = async |role, mail| owner.post(&path(role), &[("mail", mail)]).await.status;
    assert_eq!(set(Role::Steward, "steward@harbour.example").await, 303);
    assert_eq!(set(Role::Owner, "steward@harbour.example").await, 409, "it is the steward's");
    assert_eq!(set(Role::Owner, "no address").await, 400);
    assert_eq!(set(Role::Member, "").await, 303);
    let ask = [("mail", "member@harbour.example")];
    assert_eq!(app.stranger().post("/sign-in/mail", &ask).await.status, 303);
    assert_eq!(letters(&app).await, [Letter::SignIn { account: None }], "it is nobody's now");
}

#[tokio::test]
async fn a_link_to_own_data_goes_to_an_address_of_the_person_alone() {
    let app = app_with_mail().await;
    let steward = app.as_(Role::Steward).await;
    let person = format!("/people/{}", actor_of(COLLEAGUE));
    assert!(steward.get(&person).await.text.contains("Mail it to"));
    let path = format!("{person}/data-link");
    let to = address_of(COLLEAGUE);
    let sent = steward.post(&path, &[("to", &to.to_string())]).await;
    assert_eq!(sent.location(), format!("{person}?done=mailed"));
    let by = app.account(Role::Steward);
    assert_eq!(letters(&app).await, [Letter::OwnData { address: to, by }]);
    let other = address_of(support::world::BROKER).to_string();
    assert_eq!(steward.post(&path, &[("to", &other)]).await.status, 404);
}

#[tokio::test]
async fn over_a_trusted_proxy_cookies_are_for_tls_and_others_words_do_not_count() {
    let login = [("login", "member"), ("password", PASSWORD)];
    let over = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.7")];
    let app = TestApp::new().await;
    let plain = app.stranger().post_with("/sign-in", &login, &over).await;
    assert!(!plain.header("set-cookie").contains("Secure"));
    assert_eq!(plain.header("strict-transport-security"), "");
    let app = TestApp::of(Kit { secure: true, ..Kit::default() }).await;
    let secure = app.stranger().post("/sign-in", &login).await;
    assert!(secure.header("set-cookie").contains("Secure"));
    assert_eq!(secure.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn the_history_says_who_did_what_but_not_what_people_keep_for_themselves() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let person = format!("/people/{}", actor_of(COLLEAGUE));
    assert_eq!(member.post(&format!("{person}/tags"), &[("tag", "Board")]).await.status, 303);
    assert_eq!(member.post(&format!("{person}/notes"), &[("note", "a word")]).await.status, 303);
    let (steward, owner) = (app.as_(Role::Steward).await, app.as_(Role::Owner).await);
    for viewer in [&steward, &owner] {
        let text = viewer.get("/settings/history").await.text;
        let at = text.find("Tag added.").expect("the tag is told");
        assert!(text[at..].split("</tr>").next().unwrap().contains("A member"));
        assert!(!text.contains("Note added"), "a note is its author's");
    }
    let note = [("note", "my own")];
    assert_eq!(steward.post(&format!("{person}/notes"), &note).await.status, 303);
    assert!(steward.get("/settings/history").await.text.contains("Note added."));
    assert!(!owner.get("/settings/history").await.text.contains("Note added"));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() {
    const NEW: &str = "three lanterns at sea";
    let app = TestApp::new().await;
    let (here, there) = (app.as_(Role::Member).await, app.as_(Role::Member).await);
    let change = |current, password| [("current", current), ("password", password)];
    for (current, password) in [(WRONG, NEW), ("", NEW), (PASSWORD, "short")] {
        let refused = here.post("/settings/password", &change(current, password)).await;
        assert_eq!(refused.status, 422, "{current:?} to {password:?}");
    }
    assert!(is_open(&app, there.cookie.as_deref().unwrap()).await, "nothing was changed");
    let done = here.post("/settings/password", &change(PASSWORD, NEW)).await;
    assert_eq!(done.status, 303);
    assert!(is_open(&app, here.cookie.as_deref().unwrap()).await);
    assert!(!is_open(&app, there.cookie.as_deref().unwrap()).await);
    assert_eq!(sign_in(&app.stranger(), "member", PASSWORD).await.status, 422);
    assert_eq!(sign_in(&app.stranger(), "member", NEW).await.status, 303);
}

#[tokio::test]
async fn a_session_of_a_disabled_account_or_past_its_end_is_refused() {
    let app = TestApp::new().await;
    let open = app.as_(Role::Member).await.cookie.unwrap();
    let link = app.link(LinkPurpose::SignIn, Some(app.account(Role::Member))).await;
    let tx = app.store.begin().await.unwrap();
    tx.disable_account(app.account(Role::Member)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_open(&app, &open).await);
    let entered = app.stranger().post(&format!("/enter/{link}"), &[]).await;
    if let Some(secret) = entered.session() {
        assert!(!is_open(&app, &secret).await, "nor by a link that was made before");
    }
    let late = Secret::new().unwrap();
    let account = app.account(Role::Owner);
    let session = NewSession { account, expires: now().plus_days(-1.0), about: String::new() };
    let tx = app.store.begin().await.unwrap();
    tx.open_session(&late.hash(), &session).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_open(&app, late.text()).await);
}

#[tokio::test]
async fn after_signing_in_only_pages_of_this_site_are_gone_to() {
    let app = TestApp::new().await;
    for (next, place) in [
        ("/people?q=a", "/people?q=a"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ] {
        let fields = [("login", "member"), ("password", PASSWORD), ("next", next)];
        let answer = app.stranger().post("/sign-in", &fields).await;
        assert_eq!(answer.location(), place, "{next:?}");
        let member = app.as_(Role::Member).await;
        let path = format!("/sign-in?next={}", support::percent(next));
        assert_eq!(member.get(&path).await.location(), place, "{next:?}, signed in already");
    }
    let theme = [("referer", "https://evil.example//evil.example/")];
    let answer = app.as_(Role::Member).await.post_with("/preferences/theme", &[], &theme).await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn what_another_site_asks_for_is_refused() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let fields = [("who", COLLEAGUE), ("kind", "met"), ("day", "2024-01-02")];
    for from in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "https://tieline.example.evil.example"),
        ("origin", "null"),
    ] {
        assert_eq!(member.post_with("/contacts", &fields, &[from]).await.status, 403, "{from:?}");
        assert_eq!(member.post_with("/sign-out", &[], &[from]).await.status, 403, "{from:?}");
        let login = [("login", "member"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post_with("/sign-in", &login, &[from]).await.status, 403);
    }
    assert!(app.store.all_contacts().await.unwrap().is_empty());
    for from in [("sec-fetch-site", "same-origin"), ("origin", "http://tieline.example")] {
        assert_eq!(member.post_with("/contacts", &fields, &[from]).await.status, 303, "{from:?}");
    }
    let get = member.request(Method::GET, "/", &[("sec-fetch-site", "cross-site")]);
    let page = member.send(get.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(page.status, 200, "a link from elsewhere may be followed");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_safe() {
    let app = TestApp::new().await;
    let (stranger, owner) = (app.stranger(), app.as_(Role::Owner).await);
    let sign_in_page = stranger.get("/sign-in").await;
    let from = sign_in_page.text.find("/assets/").unwrap();
    let asset = sign_in_page.text[from..].split('"').next().unwrap().to_owned();
    let other_site = [("sec-fetch-site", "cross-site")];
    let large = vec![b'a'; 300 * 1024];
    let answers = [
        (200, owner.get("/").await),
        (200, owner.get("/insights").await),
        (200, sign_in_page),
        (200, stranger.get("/healthz").await),
        (200, stranger.get(&asset).await),
        (303, stranger.get("/").await),
        (400, owner.get("/people?after=none").await),
        (401, stranger.post("/contacts", &[]).await),
        (403, owner.post_with("/contacts", &[], &other_site).await),
        (404, owner.get("/nowhere").await),
        (404, stranger.get("/assets/none.js").await),
        (405, owner.post("/people", &[]).await),
        (413, owner.post_bytes("/contacts", large, &[]).await),
        (422, sign_in(&stranger, "member", WRONG).await),
    ];
    for (status, answer) in &answers {
        assert_eq!(answer.status.as_u16(), *status);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{status}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{status}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{status}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{status}");
        let policy = answer.header("content-security-policy");
        for rule in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{status}: {policy}");
        }
        let is_asset = answer.header("cache-control").contains("immutable");
        if !is_asset {
            assert_eq!(answer.header("cache-control"), "no-store", "{status}");
        }
    }
    let kept = answers.iter().filter(|(_, answer)| answer.header("cache-control") != "no-store");
    assert_eq!(kept.count(), 1, "browsers keep the one asset that was there");
}
