//! A person's page: the card, the tie with the viewer in its parts, who else knows them, what is
//! known and where it comes from.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use tieline_model::access::{TieConsent, TieView, Viewer};
use tieline_model::address::AddressKind;
use tieline_model::id::ActorId;
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::time::Moment;
use tieline_store::{ActorKind, Person};

use super::form::{Fault, fault_of};
use super::lanes::{self, Lanes, Marks};
use super::person_written::{Written, written};
use super::same::SameForm;
use super::tie_view::{self, MonthCell, TieParts};
use super::{facts, rhythm, tie};
use crate::app::App;
use crate::error::AppError;
use crate::extract::Signed;
use crate::here;
use crate::page::page;
use crate::session;
use crate::shell::{Done, Place, Shell};
use crate::show;
use crate::snapshot::Snapshot;

/// People shown under "who else knows".
const MOST_TIES: usize = 12;

/// Interactions drawn, the newest ones: more would be one line.
const MOST_MARKS: usize = 1_000;

/// A tie of the person in a list.
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) initials: String,
    pub(crate) name: String,
    pub(crate) group: String,
    /// 1 to 5; 0 when only the existence of the tie is shown.
    pub(crate) bars: u8,
    /// Contact days of the last twelve months, as x from 0 to 360; the oldest first.
    pub(crate) marks: Vec<String>,
    /// Months that open to what is behind them, where the viewer may see it.
    pub(crate) cells: Vec<MonthCell>,
    pub(crate) last: String,
    pub(crate) state: String,
}

/// One affiliation in words.
struct Post {
    what: String,
    unit_id: String,
    unit: String,
    when: String,
    source: String,
    is_proposed: bool,
}

/// One number that the viewer may see.
struct Measure {
    label: String,
    value: String,
    meaning: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    id: String,
    name: String,
    initials: String,
    is_organisation: bool,
    title: String,
    organisation: Option<(String, String)>,
    is_self: bool,
    /// Whether the viewer may look for chains of introductions.
    finds_paths: bool,
    as_of: String,
    mine: Option<TieParts>,
    /// First name, for headings.
    first: String,
    lanes: Option<Lanes>,
    written: Written,
    /// The empty form that says who else this is.
    typed: SameForm,
    /// Faults of forms; the page itself has none.
    faults: Vec<Fault>,
    /// Days from contact to contact that the viewer set; empty: as usual.
    rhythm: String,
    due: Option<String>,
    /// Whether the viewer may add to what is written here.
    writes: bool,
    known: Vec<Known>,
    hidden_ties: Option<String>,
    posts: Vec<Post>,
    /// Id and text of each address.
    addresses: Vec<(String, String)>,
    /// Where a link to their own data can go by mail: id and text of an address.
    mail_to: Option<(String, String)>,
    /// Id of the first of them, from which others are told apart.
    anchor: String,
    merges: Vec<String>,
    measures: Vec<Measure>,
}

/// `GET /people/{id}`. The card is for members; ties as both ends consent; addresses and the reasons
/// for joining them for stewards and the person. The look is written into the audit log.
pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, AppError> {
    let viewer = signed.viewer;
    let id: ActorId = id.parse().map_err(|_| AppError::NotFound)?;
    if !viewer.may_read() && !viewer.is(id) {
        return Err(AppError::NotFound);
    }
    let person = app.store.person(id).await?;
    note_look(&app, &viewer, &person).await?;
    let snapshot = app.live.get();
    let sees_addresses = viewer.may_steward() || viewer.is(id) || viewer.alone;
    let ties = match &snapshot {
        Some(snapshot) => ties(&app, &signed, snapshot, id).await?,
        None => Ties::default(),
    };
    let now = session::now();
    let written = written(&app, &signed, &person, now).await?;
    let lanes = match &snapshot {
        Some(snapshot) => own_year(&app, &signed, snapshot, (&person, &written)).await?,
        None => None,
    };
    let rhythm = rhythm::of(&app, &signed, &person).await?;
    let due = rhythm::due(&app, snapshot.as_deref(), (&signed, &person), rhythm).await?;
    let (title, organisation) = place(&person);
    page(&PersonPage {
        shell: Shell::new(&app, &signed, Place::Directory).with_toast(done.toast()),
        id: id.to_string(),
        initials: show::initials(&person.actor.name),
        is_organisation: person.actor.kind == ActorKind::Organisation,
        title,
        organisation,
        is_self: viewer.is(id),
        finds_paths: viewer.sees_all_named(),
        as_of: as_of_words(snapshot.as_deref()),
        mine: ties.mine,
        first: first_name(&person.actor.name),
        lanes,
        written,
        typed: SameForm::default(),
        faults: Vec::new(),
        rhythm: rhythm.map_or(String::new(), |days| days.to_string()),
        due,
        writes: viewer.may_read(),
        known: ties.known,
        hidden_ties: ties.hidden,
        posts: posts(&app, &person).await?,
        anchor: person.actor.anchor.to_string(),
        addresses: if sees_addresses { addresses(&person) } else { Vec::new() },
        mail_to: if sees_addresses && app.settings.mails { mail_to(&person) } else { None },
        merges: if sees_addresses { reasons(&person) } else { Vec::new() },
        measures: match &snapshot {
            Some(snapshot) if viewer.sees_named(id) => measures(snapshot, id),
            _ => Vec::new(),
        },
        name: person.actor.name,
    })
}

/// Writes into the audit log that someone else looked.
async fn note_look(app: &App, viewer: &Viewer, person: &Person) -> Result<(), AppError> {
    if viewer.is(person.actor.id) {
        return Ok(());
    }
    let whom = [person.actor.anchor];
    Ok(app.store.note_looks(viewer.account, &whom, "person", session::now()).await?)
}

fn as_of_words(snapshot: Option<&Snapshot>) -> String {
    snapshot.and_then(|snapshot| snapshot.as_of).map_or_else(
        || t!("people-nothing-dated"),
        |at| t!("people-as-of", day = here::day(at.date())),
    )
}

/// Why the addresses are one person's.
fn reasons(person: &Person) -> Vec<String> {
    person.actor.merges.iter().map(|merge| show::sentence(&merge.sentence)).collect()
}

/// Their first mail address.
fn mail_to(person: &Person) -> Option<(String, String)> {
    let mut seen = person.addresses.iter().filter_map(|address| address.seen.as_ref());
    let mail = seen.find(|seen| seen.address.kind() == AddressKind::Email)?;
    Some((mail.id.to_string(), mail.address.to_string()))
}

fn addresses(person: &Person) -> Vec<(String, String)> {
    let seen = person.addresses.iter().filter_map(|address| address.seen.as_ref());
    seen.map(|seen| (seen.id.to_string(), seen.address.to_string())).collect()
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// The year of the viewer and the person, from archives and by hand; `None` when nothing happened,
/// or when the viewer is nobody of the data and logged nothing.
async fn own_year(
    app: &App,
    signed: &Signed,
    snapshot: &Arc<Snapshot>,
    (person, written): (&Person, &Written),
) -> Result<Option<Lanes>, AppError> {
    let seen = match signed.viewer.actor {
        Some(me) if me != person.actor.id => {
            let me = app.store.person(me).await?.actor.addresses;
            let them = person.actor.addresses.clone();
            tie::evidence(app, snapshot.clone(), (me, them), MOST_MARKS).await?
        }
        _ => Vec::new(),
    };
    let tie = signed.viewer.actor.filter(|me| tie::is_open(snapshot, *me, person.actor.id));
    let marks = Marks {
        seen: &seen,
        logged: &written.contacts,
        promised: &written.promised,
        tie: tie.map(|me| format!("/people/{me}/ties/{}", person.actor.id)),
    };
    let last = written.contacts.iter().map(|(_, at)| Moment::from_ms(at.ms() + 1)).max();
    Ok(snapshot.as_of.max(last).and_then(|at| lanes::lanes(&marks, at)))
}

/// Where they work in words; of what people said, who said it and when.
async fn posts(app: &App, person: &Person) -> Result<Vec<Post>, AppError> {
    let said = app.store.said_about(&person.actor.addresses).await?;
    let mut posts = Vec::new();
    for place in &person.affiliations {
        let mut shown = post(place);
        let by_hand = said.places.iter().find(|one| {
            place.0.source == FactSource::Person
                && (one.title.as_ref(), one.from, one.to)
                    == (place.0.title.as_ref(), place.0.from, place.0.to)
        });
        if let Some(one) = by_hand {
            shown.source = facts::said_by(app, one.by, one.at).await?;
        }
        posts.push(shown);
    }
    Ok(posts)
}

/// Title and organisation of the strongest affiliation that still holds.
fn place(person: &Person) -> (String, Option<(String, String)>) {
    let holds = |(one, _): &&(Affiliation, Vec<Unit>)| !one.proposed && one.to.is_none();
    let all = &person.affiliations;
    let Some((own, path)) = all.iter().find(holds).or(all.first()) else {
        return (String::new(), None);
    };
    let organisation = path.iter().find(|unit| unit.kind == UnitKind::Organisation);
    let unit = path.first().filter(|unit| unit.kind != UnitKind::Organisation);
    let title = [own.title.clone(), unit.map(|unit| unit.name.clone())];
    let title = title.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (title, organisation.map(|unit| (unit.id.to_string(), unit.name.clone())))
}

fn post((own, path): &(Affiliation, Vec<Unit>)) -> Post {
    let when = match (own.from, own.to) {
        (None, None) => t!("people-since-unknown"),
        (Some(from), None) => t!("date-since", from = here::day(from.date())),
        (None, Some(to)) => t!("date-until", to = here::day(to.date())),
        (Some(from), Some(to)) => {
            t!("date-range", from = here::day(from.date()), to = here::day(to.date()))
        }
    };
    Post {
        what: own.title.clone().unwrap_or_else(|| t!("people-works-with")),
        unit_id: own.unit.to_string(),
        unit: path.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(", "),
        when,
        source: match own.source {
            FactSource::Person => t!("word-fact-person"),
            FactSource::Directory => t!("word-fact-directory"),
            FactSource::Card => t!("word-fact-card"),
            FactSource::Domain => t!("word-fact-domain"),
            FactSource::NetworkFile => t!("word-fact-network-file"),
            FactSource::Community => t!("word-fact-community"),
        },
        is_proposed: own.proposed,
    }
}

#[derive(Default)]
struct Ties {
    mine: Option<TieParts>,
    known: Vec<Known>,
    hidden: Option<String>,
}

/// The ties of a person that the viewer may see, the strongest first.
async fn ties(
    app: &App,
    signed: &Signed,
    snapshot: &Snapshot,
    id: ActorId,
) -> Result<Ties, AppError> {
    let viewer = &signed.viewer;
    let network = &snapshot.network;
    let Some(node) = network.node_of(id) else { return Ok(Ties::default()) };
    let consents = consents(app, snapshot).await?;
    let consent = |actor: ActorId| consent_of(&consents, actor);
    let view = snapshot.view(viewer);
    let mut seen = Vec::new();
    let mut hidden = 0_usize;
    let mut mine = None;
    for pair in network.ties_of(node) {
        let other = if pair.a == node { pair.b } else { pair.a };
        let Some(actor) = network.actors().get(other as usize) else { continue };
        if viewer.is(actor.id) {
            mine = Some(tie_view::parts(snapshot, pair, node));
        }
        match viewer.tie((id, consent(id)), (actor.id, consent(actor.id))) {
            TieView::Hidden => hidden += 1,
            shown => {
                let group = view.groups().shown_group(other);
                let group = group.map(|group| group.name.clone()).unwrap_or_default();
                seen.push((
                    pair.strength,
                    tie_view::known(snapshot, pair, id, actor, group, shown),
                ));
            }
        }
    }
    seen.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    seen.truncate(MOST_TIES);
    let hidden = (hidden > 0).then(|| t!("people-ties-hidden"));
    Ok(Ties { mine, known: seen.into_iter().map(|(_, known)| known).collect(), hidden })
}

/// What people said about showing their ties, by actor; whoever said nothing is not in it.
pub(crate) async fn consents(
    app: &App,
    snapshot: &Snapshot,
) -> Result<Vec<(ActorId, TieConsent)>, AppError> {
    let mut said: Vec<(ActorId, TieConsent)> = app
        .store
        .consents()
        .await?
        .into_iter()
        .filter_map(|said| snapshot.actor_of.get(&said.address).map(|actor| (*actor, said.ties)))
        .collect();
    // Of several entries of one person the least open counts.
    said.sort();
    said.dedup_by_key(|(actor, _)| *actor);
    Ok(said)
}

/// What one person said; nothing is shown of whoever said nothing. O(log n): they are sorted.
pub(crate) fn consent_of(consents: &[(ActorId, TieConsent)], actor: ActorId) -> TieConsent {
    let found = consents.binary_search_by_key(&actor, |(id, _)| *id).ok();
    found.and_then(|at| consents.get(at)).map_or_else(TieConsent::default, |(_, said)| *said)
}

fn measures(snapshot: &Snapshot, id: ActorId) -> Vec<Measure> {
    let found = snapshot.network.node_of(id).and_then(|node| snapshot.measures.get(node as usize));
    let Some(measures) = found else { return Vec::new() };
    let two = |value: Option<f64>| value.map_or(t!("word-not-defined"), |v| format!("{v:.2}"));
    vec![
        Measure {
            label: t!("people-measure-ties"),
            value: t!("people-n", n = measures.degree),
            meaning: t!("people-measure-ties-meaning"),
        },
        Measure {
            label: t!("people-measure-bridging"),
            value: measures.route_share.map_or(t!("word-not-defined"), here::percent),
            meaning: t!("people-measure-bridging-meaning"),
        },
        Measure {
            label: t!("people-measure-constraint"),
            value: two(measures.constraint),
            meaning: t!("people-measure-constraint-meaning"),
        },
        Measure {
            label: t!("people-measure-ei"),
            value: two(measures.ei),
            meaning: t!("people-measure-ei-meaning"),
        },
    ]
}
