//! A person's own data: theirs to see, limit, correct, take away and end; and nobody else's.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod api {
    pub(crate) mod world;
}

use api::world::{Asked, World, address, ann, bob, wait};
use serde_json::Value;
use tieline_model::access::{Role, TieConsent};
use tieline_model::job::Job;

async fn page(world: &World, path: &str, cookie: Option<&str>) -> (u16, String) {
    let cookie = cookie.map(str::to_owned);
    let (status, _, body) = world.raw("GET", path, Asked { cookie, ..Asked::default() }).await;
    (status, String::from_utf8(body).unwrap())
}

async fn send(world: &World, path: &str, cookie: Option<&str>, form: &str) -> (u16, String) {
    let (cookie, form) = (cookie.map(str::to_owned), Some(form.to_owned()));
    let (status, to, body) =
        world.raw("POST", path, Asked { cookie, form, ..Asked::default() }).await;
    (status, to.unwrap_or_else(|| String::from_utf8(body).unwrap()))
}

/// The way to Bob's data that a steward made.
async fn link(world: &World) -> String {
    let steward = world.session(Role::Steward).await;
    let path = format!("/people/{}/data-link", bob());
    let (status, made) = send(world, &path, Some(&steward), "").await;
    assert_eq!(status, 200, "{made}");
    let at = made.find("/own-data/").unwrap();
    made[at..].split('"').next().unwrap().to_owned()
}

#[test]
fn whoever_is_a_person_of_the_data_sees_what_is_held_and_nobody_else_does() {
    wait(async {
        let world = World::new().await;
        let (status, _) = page(&world, "/me/data", None).await;
        assert_eq!(status, 303, "a stranger signs in first");
        let ann = world.session(Role::Member).await;
        let (status, text) = page(&world, "/me/data", Some(&ann)).await;
        assert_eq!(status, 200);
        for held in ["Ann Ox", "ann@x.example", "2 sent"] {
            assert!(text.contains(held), "{held}");
        }
        assert!(!text.contains("bob@x.example"));
        world.account(Role::Guest, None).await;
        let nobody = world.session(Role::Guest).await;
        assert_eq!(page(&world, "/me/data", Some(&nobody)).await.0, 404, "it is no person");
    });
}

#[test]
fn a_link_of_a_steward_opens_one_persons_data_again_and_again() {
    wait(async {
        let world = World::new().await;
        let member = world.session(Role::Member).await;
        let make = format!("/people/{}/data-link", bob());
        assert_eq!(send(&world, &make, Some(&member), "").await.0, 404, "members make none");
        let link = link(&world).await;
        for _ in 0..2 {
            let (status, text) = page(&world, &link, None).await;
            assert_eq!(status, 200);
            assert!(text.contains("bob@x.example") && !text.contains("ann@x.example"));
            assert!(text.contains("data-link"), "who made the link is told");
        }
        assert_eq!(page(&world, "/own-data/made-up", None).await.0, 404);
        let (status, json) = page(&world, &format!("{link}/export.json"), None).await;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((status, &json["addresses"][0]["address"]), (200, &"bob@x.example".into()));
        let interactions = format!("{link}/interactions.csv");
        assert_eq!(page(&world, &interactions, None).await.0, 503, "the archives are being read");
        world.app.live.publish(None);
        let (status, csv) = page(&world, &interactions, None).await;
        assert_eq!((status, csv.as_str()), (200, "at,channel,from,to,role,group,minutes\r\n"));
    });
}

#[test]
fn a_person_says_what_others_see_and_stays_off_the_map() {
    wait(async {
        let world = World::new().await;
        let cookie = world.session(Role::Member).await;
        let (status, to) =
            send(&world, "/me/data/consent", Some(&cookie), "ties=band&off_map=on").await;
        assert_eq!((status, to.as_str()), (303, "/me/data?done=consent"));
        let said = world.app.store.consent_of(&[address("ann").id()]).await.unwrap();
        assert_eq!((said[0].ties, said[0].opted_out), (TieConsent::Band, true));
        let (status, _) = send(&world, "/me/data/consent", Some(&cookie), "ties=all").await;
        assert_eq!(status, 422);
        send(&world, "/me/data/consent", Some(&cookie), "ties=nothing").await;
        assert_eq!(world.app.store.opted_out().await.unwrap(), []);
    });
}

#[test]
fn a_wish_becomes_a_note_for_whoever_can_act_on_it() {
    wait(async {
        let world = World::new().await;
        let link = link(&world).await;
        let (status, _) = send(&world, &format!("{link}/wish"), None, "wish=").await;
        assert_eq!(status, 422);
        let (status, _) = send(&world, &format!("{link}/wish"), None, "wish=I+am+Rob").await;
        assert_eq!(status, 303);
        let steward = world.account(Role::Steward, None).await;
        let notes = world.app.store.notes_by(steward, None, 9).await.unwrap();
        assert!(notes[0].text.ends_with("I am Rob"), "{}", notes[0].text);
    });
}

#[test]
fn asking_to_be_erased_is_one_job_and_takes_a_tick() {
    wait(async {
        let world = World::new().await;
        let cookie = world.session(Role::Member).await;
        assert_eq!(send(&world, "/me/data/erase", Some(&cookie), "").await.0, 422);
        for _ in 0..2 {
            assert_eq!(send(&world, "/me/data/erase", Some(&cookie), "sure=on").await.0, 303);
        }
        let jobs = world.app.store.jobs(None, 9).await.unwrap();
        assert_eq!(jobs.len(), 1);
        assert_eq!(jobs[0].job, Job::Erase { address: address("ann").id() });
        // When it is done, the job tells nobody whom it was about.
        let ids = world.app.store.person(ann()).await.unwrap().actor.addresses;
        let tx = world.app.store.begin().await.unwrap();
        tx.erase_addresses(&ids, &[]).await.unwrap();
        tx.commit().await.unwrap();
        let jobs = world.app.store.jobs(None, 9).await.unwrap();
        assert_eq!(jobs[0].job, Job::Erase { address: tieline_model::id::AddressId::NONE });
    });
}
