//! What surrounds every page: sidebar, top bar, toast, command palette.

use serde::Deserialize;
use tieline_model::access::Viewer;
use tieline_model::id::{ActorId, AddressId, ContactId};
use tieline_model::org::UnitKind;

use crate::app::App;
use crate::assets::{files, icons};
use crate::extract::Signed;
use crate::show;

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
    pub(crate) fn name(self) -> String {
        match self {
            Self::Today => t!("shell-place-today"),
            Self::Network => t!("shell-place-network"),
            Self::Directory => t!("shell-place-directory"),
            Self::Partnerships => t!("partnerships-title"),
            Self::Insights => t!("shell-place-insights"),
            Self::Imports => t!("shell-place-sources"),
            Self::Settings => t!("shell-place-settings"),
        }
    }

    /// Its name where there is little room.
    pub(crate) fn short(self) -> String {
        match self {
            Self::Partnerships => t!("partnerships-short"),
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
                Some(Toast { text: t!("toast-contact"), undo })
            }
            "same" | "different" => self.decided(),
            "tag" | "untag" => self.tagged(),
            "note" => self.undoing(t!("toast-note"), "/notes/{}/removal"),
            "note-removed" => self.undoing(t!("toast-note-removed"), "/notes/{}/restoration"),
            "promise" => self.undoing(t!("toast-promise"), "/promises/{}/withdrawal"),
            "kept" => self.undoing(t!("toast-promise-kept"), "/promises/{}/reopening"),
            "name" => self.undoing(t!("toast-name"), "/people/{}/name/before"),
            "place" => self.undoing(t!("toast-place"), "/places/{}/removal"),
            "place-changed" => self.undoing(t!("toast-place"), "/places/{}/before"),
            "fields" => Some(self.fields_set()),
            "place-removed" => self.undoing(t!("toast-place-removed"), "/places/{}/restoration"),
            "person" => self.undoing(t!("toast-added"), "/people/{}/withdrawal"),
            "organisation" => self.undoing(t!("toast-added"), "/organisations/{}/withdrawal"),
            "bulk" => self.undoing(t!("toast-bulk"), "/people/bulk/{}/undo"),
            "invited" => self.undoing(t!("toast-invited"), "/settings/accounts/{}/closure"),
            "account-closed" => {
                self.undoing(t!("toast-account-closed"), "/settings/accounts/{}/opening")
            }
            "account-opened" => {
                self.undoing(t!("toast-account-opened"), "/settings/accounts/{}/closure")
            }
            "snoozed" => {
                let undo = Some(format!("/snoozes/{}/end", crate::error::encode_part(&self.undo)));
                Some(Toast { text: t!("toast-snoozed"), undo })
            }
            word => {
                let text = match word {
                    "contact-undone" => t!("toast-contact-undone"),
                    "decision-undone" => t!("toast-decision-undone"),
                    "undo" => t!("toast-import-undo"),
                    "columns" => t!("toast-columns"),
                    "import" => t!("toast-import"),
                    "pause" => t!("toast-pause"),
                    "resume" => t!("toast-resume"),
                    "stop" => t!("toast-stop"),
                    "note-restored" => t!("toast-note-restored"),
                    "promise-undone" => t!("toast-promise-undone"),
                    "reopened" => t!("toast-promise-reopened"),
                    "place-restored" => t!("toast-place-restored"),
                    "saved" => t!("toast-saved"),
                    "role" => t!("toast-role"),
                    "view" => t!("toast-view"),
                    "snooze-ended" => t!("toast-snooze-ended"),
                    "removed" => t!("toast-removed"),
                    "mailed" => t!("toast-mailed"),
                    "people" => t!("toast-people"),
                    "discard" => t!("toast-discard"),
                    _ => return None,
                };
                Some(Toast { text, undo: None })
            }
        }
    }

    /// Something whose id is in `undo`, with the path that takes it back.
    fn undoing(&self, text: String, path: &str) -> Option<Toast> {
        let undo = self.undo.parse::<ActorId>().ok().map(|id| path.replace("{}", &id.to_string()));
        Some(Toast { text, undo })
    }

    /// Values of fields were set: `undo` holds whose, and each field with an address.
    fn fields_set(&self) -> Toast {
        let (id, changed) = self.undo.split_once('.').unwrap_or_default();
        let undo = id.parse::<ActorId>().ok().map(|id| {
            let changed = crate::error::encode_part(changed);
            format!("/people/{id}/fields/{changed}/before")
        });
        Toast { text: t!("toast-details"), undo }
    }

    /// A tag was given or taken away: `undo` holds whose and the tag.
    fn tagged(&self) -> Option<Toast> {
        let (id, tag) = self.undo.split_once('.')?;
        let (id, tag) = (id.parse::<ActorId>().ok()?, crate::error::encode_part(tag));
        let (text, back) = match self.done.as_str() {
            "tag" => (t!("toast-tag"), "removal"),
            _ => (t!("toast-tag-removed"), "addition"),
        };
        let undo = Some(format!("/people/{id}/tags/{tag}/{back}"));
        Some(Toast { text, undo })
    }

    /// Two people were said to be one, or not: `undo` holds both addresses.
    fn decided(&self) -> Option<Toast> {
        let (a, b) = self.undo.split_once('-')?;
        let (a, b) = (a.parse::<AddressId>().ok()?, b.parse::<AddressId>().ok()?);
        let text = match self.done.as_str() {
            "same" => t!("toast-same"),
            _ => t!("toast-different"),
        };
        let undo = Some(format!("/identities/decisions/{a}/{b}/undo"));
        Some(Toast { text, undo })
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
    pub(crate) role: String,
    /// `light` or `dark`; `None` follows the system.
    pub(crate) theme: Option<String>,
    /// Whether the viewer runs imports.
    pub(crate) steward: bool,
    /// Whether the viewer reads the directory and records contacts.
    pub(crate) reads: bool,
    places: &'static [Place],
    /// Whether someone without an account came by link.
    pub(crate) by_link: bool,
    /// Where the mark of the program leads: for a guest to the only room that is open to them.
    pub(crate) home: String,
    /// Whether this is the demo world.
    pub(crate) demo: bool,
    /// What was just done.
    pub(crate) toast: Option<Toast>,
    /// When the page was made, ms UTC: what happened later is news to it.
    pub(crate) made_ms: i64,
}

/// How large the network is, for those who read it.
fn size(app: &App) -> String {
    let Some(snapshot) = app.live.get() else {
        let is_starting = app.live.is_starting();
        return if is_starting { t!("shell-size-starting") } else { t!("shell-size-none") };
    };
    let units = snapshot.units.values();
    let organisations = units.filter(|unit| unit.kind == UnitKind::Organisation).count();
    t!("shell-size", organisations = organisations, people = snapshot.named.summary.people)
}

impl Shell {
    /// The shell of a page.
    pub(crate) fn new(app: &App, signed: &Signed, place: Place) -> Self {
        let reads = signed.viewer.may_read();
        let size = if reads { size(app) } else { String::new() };
        Self {
            place,
            workspace: app.settings.workspace.clone(),
            size,
            name: signed.account.name.clone(),
            role: show::role(signed.account.role),
            theme: signed.account.theme.clone(),
            steward: signed.viewer.may_steward(),
            reads,
            places: Place::open_to(&signed.viewer),
            by_link: false,
            home: "/".to_owned(),
            demo: app.settings.demo,
            toast: None,
            made_ms: crate::session::now().ms(),
        }
    }

    /// The shell of someone without an account, in the only room that is open to them.
    pub(crate) fn of_guest(app: &App, name: &str, home: String) -> Self {
        Self {
            place: Place::Partnerships,
            workspace: app.settings.workspace.clone(),
            size: t!("guest-zone-is", zone = crate::here::zone()),
            name: name.to_owned(),
            role: t!("guest-role"),
            theme: None,
            steward: false,
            reads: false,
            places: &[],
            by_link: true,
            home,
            demo: app.settings.demo,
            toast: None,
            made_ms: crate::session::now().ms(),
        }
    }

    /// Where the button that ends the session posts to.
    pub(crate) fn way_out(&self) -> String {
        if self.by_link {
            format!("{}/guest-session/end", self.home)
        } else {
            "/sign-out".to_owned()
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
        let is_open = |place: &&Place| {
            (**place == Place::Settings && !self.by_link) || self.places.contains(place)
        };
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
        show::initials(&self.name)
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
