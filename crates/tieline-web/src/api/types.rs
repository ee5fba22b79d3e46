//! What the API speaks: plain values, apart from the model, so that either may change alone.
//! Ids are texts, times RFC 3339 in UTC, shares from 0 to 1.

use serde::{Deserialize, Serialize};
use tieline_model::org::{Affiliation, Unit};
use tieline_model::time::Moment;
use tieline_store::{Import, Person, PersonRow, StoredJob, UnitRow};
use utoipa::{IntoParams, ToSchema};

/// A time as the API writes it.
pub(crate) fn time(at: Moment) -> String {
    at.timestamp().to_string()
}

/// Why a request was not answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    pub(crate) error: ProblemWords,
}

/// The reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemWords {
    /// One word that stays the same.
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) message: String,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Portion<T> {
    pub(crate) items: Vec<T>,
    /// Send it as `cursor` to read on; null at the end.
    pub(crate) next: Option<String>,
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
    /// At most this many, 1 to 200; 50 when not said.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u64>,
}

/// Which network: at another moment, or a part of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct NetworkAsked {
    /// A day like 2026-03-31, that day included; the newest when not said.
    pub(crate) at: Option<String>,
    /// message | meeting | call | recorded | stated; all when not said.
    pub(crate) kind: Option<String>,
    /// Id of an organisation of five people or more.
    pub(crate) unit: Option<String>,
    /// working (when not said) | middling | strong
    pub(crate) least: Option<String>,
}

/// A finding over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingOverTime {
    pub(crate) kind: String,
    /// As it was told last.
    pub(crate) headline: String,
    /// new | stays | gone
    pub(crate) state: &'static str,
    /// First moment that it was told of, without a break since.
    pub(crate) since: String,
    /// Moment from which it is not told any more; null while it is.
    pub(crate) until: Option<String>,
}

/// Which file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportAsked {
    /// svg | gexf | csv
    pub(crate) format: Option<String>,
    /// seen | said | formal, for the map; all ties when not said.
    pub(crate) layer: Option<String>,
}

/// What is tried: someone leaves, two people get a tie, or two groups become one.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhatIfAsked {
    /// Id of who leaves.
    pub(crate) without: Option<String>,
    /// Ids of the two who get a tie.
    pub(crate) a: Option<String>,
    pub(crate) b: Option<String>,
    /// Names of the two groups that become one.
    pub(crate) merge: Option<String>,
    pub(crate) with: Option<String>,
}

/// What would change. Nothing is saved.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct WhatIfSeen {
    pub(crate) numbers: Vec<NumberChange>,
    /// Ties found over ties expected of pairs of groups.
    pub(crate) gaps: Vec<GapChangeSeen>,
    /// Pairs of groups that lose their only tie.
    pub(crate) lost_links: Vec<[String; 2]>,
    /// How it is worked out.
    pub(crate) note: String,
}

/// A number as it is, and as it would be; null where it is not defined.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberChange {
    pub(crate) name: &'static str,
    pub(crate) before: Option<f64>,
    pub(crate) after: Option<f64>,
}

/// A pair of groups, as it is and as it would be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapChangeSeen {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) before: Option<f64>,
    pub(crate) after: Option<f64>,
}

/// Which two moments.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesAsked {
    /// A day, that day included; 90 days before `to` when not said.
    pub(crate) from: Option<String>,
    /// A day, that day included; the newest when not said.
    pub(crate) to: Option<String>,
    /// message | meeting | call | recorded | stated; all when not said.
    pub(crate) kind: Option<String>,
    /// Id of an organisation of five people or more.
    pub(crate) unit: Option<String>,
    /// working (when not said) | middling | strong
    pub(crate) least: Option<String>,
}

/// What changed between two moments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesSeen {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Ties that were none then.
    pub(crate) appeared: usize,
    /// Ties at least 1.5 times as strong.
    pub(crate) strengthened: usize,
    /// Ties at least 1.5 times as strong then.
    pub(crate) cooled: usize,
    /// Ties that are none now.
    pub(crate) vanished: usize,
    /// People with a tie who had none; null where the account sees no names.
    pub(crate) joined: Option<Vec<PersonRef>>,
    /// People with no tie who had one; null where the account sees no names.
    pub(crate) left: Option<Vec<PersonRef>>,
    /// Pairs of groups whose number of ties changed.
    pub(crate) groups: Vec<LinkChangeSeen>,
    /// Single ties: those of the account, in a workspace of one all.
    pub(crate) ties: Vec<TieChangeSeen>,
}

/// Ties between two groups.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkChangeSeen {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) then: usize,
    pub(crate) now: usize,
}

/// A tie that changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TieChangeSeen {
    /// appeared | strengthened | cooled | vanished
    pub(crate) change: &'static str,
    pub(crate) a: PersonRef,
    pub(crate) b: PersonRef,
    /// Strength then; 0 where there was no contact.
    pub(crate) then: f64,
    pub(crate) now: f64,
}

/// Which people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleAsked {
    /// Words of names, organisations, roles and tags.
    pub(crate) q: Option<String>,
    /// Id of a unit; those inside it count.
    pub(crate) unit: Option<String>,
    /// `person` or `organisation`.
    pub(crate) kind: Option<String>,
    /// A tag that they have.
    pub(crate) tag: Option<String>,
    /// What their role contains.
    pub(crate) role: Option<String>,
    /// What `next` of the part before said.
    pub(crate) cursor: Option<String>,
    /// At most this many, 1 to 200; 50 when not said.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u64>,
}

/// The account that a token acts for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    pub(crate) id: String,
    pub(crate) name: String,
    /// guest | member | steward | owner
    pub(crate) role: &'static str,
    /// Id of the person of the data that it is.
    pub(crate) person: Option<String>,
    /// What the token opens: read, write.
    pub(crate) scopes: Vec<&'static str>,
}

/// A directory card.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonCard {
    pub(crate) id: String,
    pub(crate) name: String,
    /// person | organisation
    pub(crate) kind: &'static str,
    pub(crate) title: Option<String>,
    pub(crate) unit: Option<UnitRef>,
    pub(crate) organisation: Option<UnitRef>,
}

/// A unit by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A person or organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonFull {
    pub(crate) id: String,
    pub(crate) name: String,
    /// person | organisation
    pub(crate) kind: &'static str,
    pub(crate) affiliations: Vec<Post>,
    /// For stewards and the person; else null.
    pub(crate) addresses: Option<Vec<String>>,
}

/// That a person belongs to a unit for a time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Post {
    pub(crate) title: Option<String>,
    /// The narrowest unit first, the organisation last.
    pub(crate) units: Vec<UnitRef>,
    /// Null: as far back as anything is known.
    pub(crate) from: Option<String>,
    /// First moment after; null: still so.
    pub(crate) to: Option<String>,
    /// person | directory | card | domain | network-file | community
    pub(crate) source: &'static str,
    /// Not confirmed yet.
    pub(crate) proposed: bool,
}

/// A tie as far as it may be seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TieSeen {
    pub(crate) person: PersonRef,
    /// exists | band | full
    pub(crate) shown: &'static str,
    /// 1, 3 or 5 of 5 in a band, 1 to 5 in full; null when only its existence is shown.
    pub(crate) bars: Option<u8>,
    /// METHODS 1.1; in full alone.
    pub(crate) strength: Option<f64>,
    /// Last contact; in full alone.
    pub(crate) last: Option<String>,
}

/// A person by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// An organisation or a part of one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitFull {
    pub(crate) id: String,
    pub(crate) name: String,
    /// organisation | department | community
    pub(crate) kind: &'static str,
    /// Id of the unit that it is part of.
    pub(crate) parent: Option<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) people: u64,
}

/// A finding with what is needed to judge it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingSeen {
    pub(crate) kind: &'static str,
    pub(crate) headline: String,
    pub(crate) detail: String,
    /// What to do about it.
    pub(crate) action: String,
    /// Whether it asks for attention.
    pub(crate) flagged: bool,
    pub(crate) parts: Vec<FindingPart>,
    /// What it rests on.
    pub(crate) evidence: String,
    pub(crate) coverage: String,
    pub(crate) stability: String,
    /// Where the method comes from.
    pub(crate) method: String,
}

/// A number that a finding is made of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingPart {
    pub(crate) name: &'static str,
    /// Null: not defined.
    pub(crate) value: Option<f64>,
    pub(crate) meaning: &'static str,
}

/// All findings as of one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsSeen {
    pub(crate) as_of: Option<String>,
    /// Whether people are named.
    pub(crate) names: bool,
    pub(crate) items: Vec<FindingSeen>,
}

/// The network in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NetworkSummary {
    pub(crate) as_of: Option<String>,
    /// When it was computed.
    pub(crate) built: String,
    pub(crate) people: usize,
    pub(crate) connected_people: usize,
    /// People who stay off the map.
    pub(crate) opted_out: usize,
    pub(crate) organisations: usize,
    pub(crate) ties: usize,
    pub(crate) interactions: u64,
    pub(crate) components: usize,
    pub(crate) density: Option<f64>,
    pub(crate) largest_share: Option<f64>,
    pub(crate) mean_steps: Option<f64>,
    pub(crate) across_share: Option<f64>,
    pub(crate) across_expected: Option<f64>,
    pub(crate) coverage: Option<f64>,
    pub(crate) transitivity: Option<f64>,
}

/// A group of five people or more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupSeen {
    pub(crate) name: String,
    /// Id of the unit; null for a community.
    pub(crate) unit: Option<String>,
    pub(crate) people: usize,
    pub(crate) ties_inside: usize,
    pub(crate) ties_outside: usize,
    /// E-I index, -1 to 1.
    pub(crate) ei: Option<f64>,
    pub(crate) coverage: Option<f64>,
}

/// The groups of the network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupsSeen {
    pub(crate) as_of: Option<String>,
    pub(crate) items: Vec<GroupSeen>,
    /// Groups under five people, which are counted alone.
    pub(crate) small_groups: usize,
    pub(crate) people_in_small_groups: usize,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportSeen {
    pub(crate) id: String,
    pub(crate) label: String,
    /// running | done | undone
    pub(crate) state: &'static str,
    pub(crate) started: String,
    pub(crate) finished: Option<String>,
    pub(crate) read: u64,
    pub(crate) new: u64,
    pub(crate) duplicate: u64,
    pub(crate) left_out: u64,
    pub(crate) issues: u64,
}

/// A piece of background work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobSeen {
    pub(crate) id: String,
    /// queued | running | paused | stopping | done | failed | stopped
    pub(crate) state: &'static str,
    pub(crate) stage: String,
    pub(crate) bytes: u64,
    pub(crate) bytes_total: u64,
    pub(crate) records: u64,
    pub(crate) error: Option<String>,
    pub(crate) created: String,
    pub(crate) finished: Option<String>,
}

/// A contact to be logged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactAsked {
    /// met | called | wrote
    pub(crate) kind: String,
    /// Ids of people, 1 to 30.
    pub(crate) people: Vec<String>,
    /// RFC 3339, not in the future; now when not said.
    pub(crate) at: Option<String>,
    /// What it was about, at most 500 characters.
    #[serde(default)]
    pub(crate) line: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
    #[serde(default)]
    pub(crate) promises: Vec<PromiseAsked>,
}

/// Something promised, to or by the first person of the contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromiseAsked {
    /// Whether the account promised it.
    pub(crate) by_us: bool,
    /// At most 500 characters.
    pub(crate) text: String,
}

/// What was made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Made {
    pub(crate) id: String,
}

/// That two addresses are one, or are not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionAsked {
    /// An address or the id of a person.
    pub(crate) a: String,
    /// An address or the id of a person.
    pub(crate) b: String,
    pub(crate) same: bool,
    /// Why, for whoever asks later.
    pub(crate) reason: String,
}

/// That it was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Done {
    pub(crate) done: bool,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> Self {
        Self { id: unit.id.to_string(), name: unit.name.clone() }
    }
}

impl From<PersonRow> for PersonCard {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            kind: row.kind.name(),
            title: row.title,
            unit: row.unit.as_ref().map(UnitRef::from),
            organisation: row.organisation.as_ref().map(UnitRef::from),
        }
    }
}

impl PersonFull {
    pub(crate) fn of(person: &Person, addresses: bool) -> Self {
        let texts = || {
            let seen = person.addresses.iter().filter_map(|address| address.seen.as_ref());
            seen.map(|seen| seen.address.to_string()).collect()
        };
        Self {
            id: person.actor.id.to_string(),
            name: person.actor.name.clone(),
            kind: person.actor.kind.name(),
            affiliations: person.affiliations.iter().map(Post::from).collect(),
            addresses: addresses.then(texts),
        }
    }
}

impl From<&(Affiliation, Vec<Unit>)> for Post {
    fn from((own, units): &(Affiliation, Vec<Unit>)) -> Self {
        Self {
            title: own.title.clone(),
            units: units.iter().map(UnitRef::from).collect(),
            from: own.from.map(time),
            to: own.to.map(time),
            source: own.source.name(),
            proposed: own.proposed,
        }
    }
}

impl From<UnitRow> for UnitFull {
    fn from(row: UnitRow) -> Self {
        Self {
            id: row.unit.id.to_string(),
            name: row.unit.name,
            kind: row.unit.kind.name(),
            parent: row.unit.parent.map(|parent| parent.to_string()),
            domains: row.unit.domains,
            people: row.n_people,
        }
    }
}

impl From<Import> for ImportSeen {
    fn from(import: Import) -> Self {
        Self {
            id: import.id.to_string(),
            label: import.label,
            state: import.state.name(),
            started: time(import.started_at),
            finished: import.finished_at.map(time),
            read: import.tallies.read,
            new: import.tallies.new,
            duplicate: import.tallies.duplicate,
            left_out: import.tallies.left_out,
            issues: import.tallies.issues,
        }
    }
}

impl From<StoredJob> for JobSeen {
    fn from(job: StoredJob) -> Self {
        Self {
            id: job.id.to_string(),
            state: job.state.name(),
            stage: job.progress.stage,
            bytes: job.progress.bytes,
            bytes_total: job.progress.bytes_total,
            records: job.progress.records,
            error: job.error,
            created: time(job.created),
            finished: job.finished.map(time),
        }
    }
}

/// A person or organisation to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// E-mail address.
    pub(crate) address: Option<String>,
    /// person (when not said) | organisation
    pub(crate) kind: Option<String>,
}

/// A name that is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameAsked {
    /// At most 200 characters.
    pub(crate) name: String,
    /// Version of the name that was said before; 0 where nobody said one.
    pub(crate) version: i64,
}

/// Where someone works.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceAsked {
    /// Name of the organisation; one that is not known is added.
    pub(crate) organisation: String,
    /// Name of the department in it.
    #[serde(default)]
    pub(crate) department: String,
    /// Job title.
    pub(crate) title: Option<String>,
    /// First day, like 2026-11-23.
    #[serde(default)]
    pub(crate) from: String,
    /// Last day.
    #[serde(default)]
    pub(crate) to: String,
}

/// A note to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteAsked {
    /// At most 5,000 characters.
    pub(crate) text: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
}

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteSeen {
    pub(crate) id: String,
    pub(crate) text: String,
    /// own | party | partnership | workspace
    pub(crate) visibility: &'static str,
    /// Id of the account that wrote it.
    pub(crate) author: String,
    pub(crate) changed: String,
    pub(crate) version: i64,
}

/// A promise to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromiseNoted {
    /// Whether the account promised it.
    pub(crate) by_us: bool,
    /// At most 500 characters.
    pub(crate) text: String,
    /// Last day, like 2026-11-23.
    #[serde(default)]
    pub(crate) due: String,
    /// own (when not said) | party | partnership | workspace
    pub(crate) visibility: Option<String>,
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromiseSeen {
    pub(crate) id: String,
    pub(crate) by_us: bool,
    pub(crate) text: String,
    pub(crate) due: Option<String>,
    pub(crate) kept: Option<String>,
    /// Id of the account that wrote it down.
    pub(crate) author: String,
}

/// A tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagAsked {
    /// At most 60 characters.
    pub(crate) tag: String,
}

/// That two people work together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TieAsked {
    /// Id of one.
    pub(crate) a: String,
    /// Id of the other.
    pub(crate) b: String,
}
