//! A room of two parties, each with one person.

use tieline_model::access::Role;

use super::steps::{done, undone_id};
use super::world::{MEMBER, TWO_OTHERS, mail_of};
use super::{Browser, TestApp};

/// A room of Nursing and Beacon Homes, and its owner.
pub(crate) struct TwoSides {
    pub(crate) app: TestApp,
    pub(crate) owner: Browser,
    pub(crate) ours: Browser,
    pub(crate) theirs: Browser,
    /// The path of the room.
    pub(crate) base: String,
    /// The path of the tab that is tried.
    pub(crate) tab: String,
    pub(crate) parties: Vec<String>,
    pub(crate) seats: Vec<String>,
}

impl TwoSides {
    /// Both sides in the room, with this tab open.
    pub(crate) async fn met(tab: &str) -> Self {
        let app = TestApp::new().await;
        let owner = app.as_(Role::Owner).await;
        let made = owner.post("/partnerships/new", &[("name", "Warm homes")]).await;
        let base = made.location().split("/people").next().unwrap().to_owned();
        let (mut parties, mut seats) = (Vec::new(), Vec::new());
        for (party, who) in [("Nursing", TWO_OTHERS.0), ("Beacon Homes", MEMBER)] {
            let page = done(&owner, &format!("{base}/parties"), &[("name", party)]).await;
            parties.push(undone_id(&page));
            let (party, mail) = (parties.last().unwrap(), mail_of(who));
            let fields = [("party", &**party), ("who", who), ("mail", &mail), ("duty", "")];
            let page = done(&owner, &format!("{base}/people"), &fields).await;
            seats.push(undone_id(&page));
        }
        let ours = app.as_person(TWO_OTHERS.0).await;
        let theirs = app.as_(Role::Member).await;
        let tab = format!("{base}/{tab}");
        Self { app, owner, ours, theirs, base, tab, parties, seats }
    }

    /// A path below the tab.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.tab)
    }
}
