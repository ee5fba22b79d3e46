//! What surrounds every page: sidebar, top bar, toast, command palette.

use serde::Deserialize;
use tieline_model::access::{Role, Viewer};
use tieline_model::id::{ActorId, AddressId, ContactId};
use tieline_model::org::UnitKind;

use crate::app::App;
use crate::assets::{files, icons};
use crate::extract::Signed;
use crate::here;

/// A place in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Network,
    Directory,
    Partnerships,
    Insights,
    Imports,
    Settings,
}

impl Place {
    /// The places of the sidebar, in order.
    pub(crate) const MAIN: [Self; 5] =
        [Self::Today, Self::Network, Self::Directory, Self::Partnerships, Self::Insights];

    /// Those that are there for a viewer: guests see what is shared with them.
    pub(crate) fn open_to(viewer: &Viewer) -> &'static [Self] {
        if viewer.may_read() { &Self::MAIN } else { &[Self::Today, Self::Partnerships] }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Network => "Network",
            Self::Directory => "Directory",
            Self::Partnerships => "Partnerships",
            Self::Insights => "Insights",
            Self::Imports => "Sources",
            Self::Settings => "Settings",
        }
    }

    /// Its name where there is little room.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Self::Partnerships => "Partners",
            _ => self.name(),
        }
    }

    /// Its URL.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Today => "/",
            Self::Network => "/network",
            Self::Directory => "/people",
            Self::Partnerships => "/partnerships",
            Self::Insights => "/insights",
            Self::Imports => "/imports",
            Self::Settings => "/settings",
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Today => icons::SUN,
            Self::Network => icons::WAYPOINTS,
            Self::Directory => icons::CONTACT_ROUND,
            Self::Partnerships => icons::HANDSHAKE,
            Self::Insights => icons::CHART_NO_AXES_COMBINED,
            Self::Imports => icons::DATABASE,
            Self::Settings => icons::SETTINGS_2,
        }
    }

    /// The letter that goes to it after `g`.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Today => "t",
            Self::Network => "n",
            Self::Directory => "d",
            Self::Partnerships => "p",
            Self::Insights => "i",
            Self::Imports => "s",
            Self::Settings => "e",
        }
    }
}

/// Something just done, told once, with a way to take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    /// What was done.
    pub(crate) text: String,
    /// Where to post to take it back.
    pub(crate) undo: Option<String>,
}

/// What the URL says was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    done: String,
    undo: String,
}

impl Done {
    /// The toast for it; `None` when nothing, or nothing known, was done.
    pub(crate) fn toast(&self) -> Option<Toast> {
        if let Some(toast) = crate::room::toast(&self.done, &self.undo) {
            return Some(toast);
        }
        match self.done.as_str() {
            "contact" => {
                let undo = self.undo.parse::<ContactId>().ok();
                let undo = undo.map(|id| format!("/contacts/{id}/undo"));
                Some(Toast { text: "Contact recorded.".to_owned(), undo })
            }
            "same" | "different" => self.decided(),
            "tag" | "untag" => self.tagged(),
            "note" => self.undoing("Note kept.", "/notes/{}/removal"),
            "note-removed" => self.undoing("Note removed.", "/notes/{}/restoration"),
            "promise" => self.undoing("Promise written down.", "/promises/{}/withdrawal"),
            "kept" => self.undoing("Promise kept.", "/promises/{}/reopening"),
            "name" => self.undoing("Name saved.", "/people/{}/name/before"),
            "place" => self.undoing("Place saved.", "/places/{}/removal"),
            "place-changed" => self.undoing("Place saved.", "/places/{}/before"),
            "fields" => Some(self.fields_set()),
            "place-removed" => self.undoing("Place removed.", "/places/{}/restoration"),
            "person" => self.undoing("Added.", "/people/{}/withdrawal"),
            "organisation" => self.undoing("Added.", "/organisations/{}/withdrawal"),
            "bulk" => self.undoing("Everyone in the list is changed.", "/people/bulk/{}/undo"),
            "invited" => self.undoing(
                "Invited. The link is on its way by mail.",
                "/settings/accounts/{}/closure",
            ),
            "account-closed" => {
                self.undoing("They can no longer sign in.", "/settings/accounts/{}/opening")
            }
            "account-opened" => {
                self.undoing("They can sign in again.", "/settings/accounts/{}/closure")
            }
            "snoozed" => {
                let undo = Some(format!("/snoozes/{}/end", crate::error::encode_part(&self.undo)));
                Some(Toast { text: "Put off for two weeks.".to_owned(), undo })
            }
            word => {
                let text = match word {
                    "contact-undone" => "Contact taken back.",
                    "decision-undone" => "Decision taken back.",
                    "undo" => "Taking the import back. What other imports brought stays.",
                    "columns" => "Looking at the files again, with your matches.",
                    "import" => "The import waits for its turn.",
                    "pause" => "Paused. Nothing of it counts yet.",
                    "resume" => "Going on.",
                    "stop" => "Stopping. Nothing of it will stay.",
                    "note-restored" => "The note is back.",
                    "promise-undone" => "Promise taken back.",
                    "reopened" => "The promise is open again.",
                    "place-restored" => "The place is back.",
                    "saved" => "Saved.",
                    "role" => "Role set.",
                    "view" => "View saved.",
                    "snooze-ended" => "It shows again.",
                    "removed" => "Taken back.",
                    "mailed" => "The link is on its way by mail.",
                    "people" => "Added. The map shows them in a moment.",
                    "discard" => "Not imported. The uploaded files are deleted.",
                    _ => return None,
                };
                Some(Toast { text: text.to_owned(), undo: None })
            }
        }
    }

    /// Something whose id is in `undo`, with the path that takes it back.
    fn undoing(&self, text: &str, path: &str) -> Option<Toast> {
        let undo = self.undo.parse::<ActorId>().ok().map(|id| path.replace("{}", &id.to_string()));
        Some(Toast { text: text.to_owned(), undo })
    }

    /// Values of fields were set: `undo` holds whose, and each field with an address.
    fn fields_set(&self) -> Toast {
        let (id, changed) = self.undo.split_once('.').unwrap_or_default();
        let undo = id.parse::<ActorId>().ok().map(|id| {
            let changed = crate::error::encode_part(changed);
            format!("/people/{id}/fields/{changed}/before")
        });
        Toast { text: "Details saved.".to_owned(), undo }
    }

    /// A tag was given or taken away: `undo` holds whose and the tag.
    fn tagged(&self) -> Option<Toast> {
        let (id, tag) = self.undo.split_once('.')?;
        let (id, tag) = (id.parse::<ActorId>().ok()?, crate::error::encode_part(tag));
        let (text, back) = match self.done.as_str() {
            "tag" => ("Tag added.", "removal"),
            _ => ("Tag removed.", "addition"),
        };
        let undo = Some(format!("/people/{id}/tags/{tag}/{back}"));
        Some(Toast { text: text.to_owned(), undo })
    }

    /// Two people were said to be one, or not: `undo` holds both addresses.
    fn decided(&self) -> Option<Toast> {
        let (a, b) = self.undo.split_once('-')?;
        let (a, b) = (a.parse::<AddressId>().ok()?, b.parse::<AddressId>().ok()?);
        let text = match self.done.as_str() {
            "same" => "One person from now on.",
            _ => "Two people from now on.",
        };
        let undo = Some(format!("/identities/decisions/{a}/{b}/undo"));
        Some(Toast { text: text.to_owned(), undo })
    }
}

/// What surrounds a page.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    /// Where the page belongs.
    pub(crate) place: Place,
    /// Name of the workspace.
    pub(crate) workspace: String,
    /// Its size in words.
    pub(crate) size: String,
    /// Who is signed in.
    pub(crate) name: String,
    /// Role in words.
    pub(crate) role: &'static str,
    /// `light` or `dark`; `None` follows the system.
    pub(crate) theme: Option<String>,
    /// Whether the viewer runs imports.
    pub(crate) steward: bool,
    /// Whether the viewer reads the directory and records contacts.
    pub(crate) reads: bool,
    places: &'static [Place],
    /// Whether this is the demo world.
    pub(crate) demo: bool,
    /// What was just done.
    pub(crate) toast: Option<Toast>,
    /// When the page was made, ms UTC: what happened later is news to it.
    pub(crate) made_ms: i64,
}

impl Shell {
    /// The shell of a page.
    pub(crate) fn new(app: &App, signed: &Signed, place: Place) -> Self {
        let reads = signed.viewer.may_read();
        let size = app.live.get().filter(|_| reads).map_or_else(
            || if reads { "nothing read yet".to_owned() } else { String::new() },
            |snapshot| {
                let organisations =
                    snapshot.units.values().filter(|unit| unit.kind == UnitKind::Organisation);
                let organisations = organisations.count();
                let people = here::grouped(snapshot.named.summary.people as u64);
                format!("{organisations} orgs, {people} people")
            },
        );
        Self {
            place,
            workspace: app.settings.workspace.clone(),
            size,
            name: signed.account.name.clone(),
            role: match signed.account.role {
                Role::Owner => "Owner",
                Role::Steward => "Steward",
                Role::Member => "Member",
                Role::Guest => "Guest",
            },
            theme: signed.account.theme.clone(),
            steward: signed.viewer.may_steward(),
            reads,
            places: Place::open_to(&signed.viewer),
            demo: app.settings.demo,
            toast: None,
            made_ms: crate::session::now().ms(),
        }
    }

    /// With word of something just done.
    pub(crate) fn with_toast(self, toast: Option<Toast>) -> Self {
        Self { toast, ..self }
    }

    /// Whether the page belongs there.
    pub(crate) fn is_at(&self, place: &Place) -> bool {
        self.place == *place
    }

    /// The places of the sidebar.
    pub(crate) fn places(&self) -> &'static [Place] {
        self.places
    }

    /// The places left of the button for recording, on phones.
    pub(crate) fn left_tabs(&self) -> Vec<Place> {
        self.open(&[Place::Today, Place::Network])
    }

    /// The places right of it.
    pub(crate) fn right_tabs(&self) -> Vec<Place> {
        self.open(&[Place::Directory, Place::Partnerships, Place::Settings])
    }

    fn open(&self, tabs: &[Place]) -> Vec<Place> {
        let is_open = |place: &&Place| **place == Place::Settings || self.places.contains(place);
        tabs.iter().filter(is_open).copied().collect()
    }

    /// URL of the style sheet.
    pub(crate) fn css(&self) -> &'static str {
        files::APP_CSS.path
    }

    /// URL of the script.
    pub(crate) fn js(&self) -> &'static str {
        files::APP_JS.path
    }

    /// Initials of whoever is signed in.
    pub(crate) fn initials(&self) -> String {
        crate::show::initials(&self.name)
    }
}

/// A page that is shown before anyone signs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outside;

impl Outside {
    /// URL of the style sheet.
    pub(crate) fn css(&self) -> &'static str {
        files::APP_CSS.path
    }

    /// URL of the script.
    pub(crate) fn js(&self) -> &'static str {
        files::APP_JS.path
    }
}
