//! One entity per table, private to the crate. Meaning, units and allowed values of each column are
//! in the migration that made it.

macro_rules! table {
    ($module:ident, $name:literal, { $($(#[$meta:meta])* $column:ident : $type:ty,)+ }) => {
        pub(crate) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub(crate) struct Model {
                $($(#[$meta])* pub(crate) $column: $type,)+
                pub(crate) created_at: i64,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(import, "import", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i64,
    rank: i64,
    state: String,
    started_at: i64,
    finished_at: Option<i64>,
    label: String,
    bytes: i64,
    tool_version: String,
    n_read: i64,
    n_new: i64,
    n_duplicate: i64,
    n_left_out: i64,
    n_issues: i64,
    n_repaired: i64,
});
table!(import_tally, "import_tally", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    reason: String,
    n: i64,
});
table!(import_file, "import_file", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    name: String,
    kind: String,
    bytes: i64,
    records: i64,
    lost: i64,
    repaired: i64,
    skipped_why: Option<String>,
});
table!(import_issue, "import_issue", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    file: String,
    position_kind: String,
    position: Option<i64>,
    severity: String,
    reason: String,
});
table!(address, "address", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i64,
    kind: String,
    text: String,
});
table!(sighting, "sighting", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    sent: i64,
    received: i64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
    senders_sketch: i64,
    was_list_post: bool,
    was_resource: bool,
});
table!(list, "list", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i64,
    text: String,
});
table!(list_sighting, "list_sighting", {
    #[sea_orm(primary_key, auto_increment = false)]
    list: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    messages: i64,
    answers: i64,
    post: Option<i64>,
});
table!(list_sender, "list_sender", {
    #[sea_orm(primary_key, auto_increment = false)]
    list: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    messages: i64,
});
table!(claim, "claim", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    hash: i64,
    source: String,
    name: Option<String>,
    given: Option<String>,
    family: Option<String>,
    nicknames: String,
    organisation: Option<String>,
    units: String,
    title: Option<String>,
    manager: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    said: i64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
    is_organisation: bool,
});
table!(claim_address, "claim_address", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    claim: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    position: i64,
    address: i64,
});
table!(stated_tie, "stated_tie", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    from_address: i64,
    to_address: i64,
    weight: f64,
    directed: bool,
    kind: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
});
table!(attendance, "attendance", {
    #[sea_orm(primary_key, auto_increment = false)]
    import: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    person: i64,
    event: String,
});
table!(address_class, "address_class", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    class: String,
    reason: String,
});
table!(decision, "decision", {
    #[sea_orm(primary_key, auto_increment = false)]
    a: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    b: i64,
    same: bool,
    reason: String,
});
table!(suppression, "suppression", {
    #[sea_orm(primary_key, auto_increment = false)]
    mac: String,
});
table!(setting, "setting", {
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    value: String,
});
table!(column_mapping, "column_mapping", {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    mapping: String,
});
table!(actor, "actor", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    anchor: i64,
    name: String,
    name_folded: String,
    given: Option<String>,
    family: Option<String>,
    kind: String,
});
table!(actor_address, "actor_address", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    actor: Uuid,
    position: i64,
});
table!(actor_merge, "actor_merge", {
    #[sea_orm(primary_key, auto_increment = false)]
    actor: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    a: i64,
    b: i64,
    rule: String,
    probability: f64,
    weight_bits: f64,
    parts: String,
    sentence: String,
});
table!(review, "review", {
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    a: i64,
    b: i64,
    probability: f64,
    reasons_for: String,
    reasons_against: String,
});
table!(unit, "unit", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    name: String,
    name_folded: String,
    parent: Option<Uuid>,
});
table!(unit_domain, "unit_domain", {
    #[sea_orm(primary_key, auto_increment = false)]
    unit: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    domain: String,
});
table!(affiliation, "affiliation", {
    #[sea_orm(primary_key, auto_increment = false)]
    actor: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    unit: Uuid,
    title: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    manager: Option<Uuid>,
    source: String,
    proposed: bool,
});
table!(done_by, "done_by", {
    #[sea_orm(primary_key, auto_increment = false)]
    event: Uuid,
    account: Uuid,
});
table!(place_before, "place_before", {
    #[sea_orm(primary_key, auto_increment = false)]
    place: Uuid,
    unit: Uuid,
    title: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
});
table!(field_before, "field_before", {
    #[sea_orm(primary_key, auto_increment = false)]
    field: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    value: Option<String>,
});
table!(account_mail, "account_mail", {
    #[sea_orm(primary_key, auto_increment = false)]
    mail: String,
    account: Uuid,
});
table!(history, "history", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    at: i64,
    verb: String,
    subject: String,
    detail: String,
});
table!(account, "account", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    login: String,
    name: String,
    role: String,
    actor: Option<i64>,
    time_zone: String,
    locale: String,
    theme: Option<String>,
    password: Option<String>,
    disabled: bool,
    version: i64,
});
table!(session, "session", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    account: Uuid,
    last_used: i64,
    expires_at: i64,
    about: String,
});
table!(link, "link", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    purpose: String,
    account: Option<Uuid>,
    address: Option<i64>,
    role: Option<String>,
    expires_at: i64,
    used_at: Option<i64>,
});
table!(failure, "failure", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    throttle: String,
    at: i64,
});
table!(job, "job", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    work: String,
    state: String,
    once: Option<String>,
    account: Option<Uuid>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    attempts: i64,
    worker: Option<String>,
    lease_ms: Option<i64>,
    bytes: i64,
    bytes_total: i64,
    records: i64,
    stage: String,
    error: Option<String>,
    result: Option<i64>,
});
table!(contact, "contact", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    kind: String,
    at: i64,
    line: String,
    visibility: String,
    version: i64,
});
table!(contact_person, "contact_person", {
    #[sea_orm(primary_key, auto_increment = false)]
    contact: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    position: i64,
});
table!(promise, "promise", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    contact: Option<Uuid>,
    by_us: bool,
    address: i64,
    text: String,
    due_ms: Option<i64>,
    kept_ms: Option<i64>,
    account: Uuid,
    visibility: String,
    version: i64,
});
table!(note, "note", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    address: i64,
    account: Uuid,
    text: String,
    visibility: String,
    version: i64,
    changed_at: i64,
    deleted_at: Option<i64>,
});
table!(tag, "tag", {
    #[sea_orm(primary_key, auto_increment = false)]
    folded: String,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    name: String,
    account: Option<Uuid>,
});
table!(field, "field", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    folded: String,
    kind: String,
    choices: String,
});
table!(field_value, "field_value", {
    #[sea_orm(primary_key, auto_increment = false)]
    field: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    value: String,
});
table!(saved_view, "saved_view", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    place: String,
    name: String,
    query: String,
});
table!(snooze, "snooze", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    item: String,
    until_ms: i64,
});
table!(consent, "consent", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    ties: String,
    opted_out: bool,
    account: Option<Uuid>,
    changed_at: i64,
});
table!(look, "look", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    address: i64,
    page: String,
    at: i64,
});
table!(finding, "finding", {
    #[sea_orm(primary_key, auto_increment = false)]
    fingerprint: String,
    #[sea_orm(primary_key, auto_increment = false)]
    ordinal: i64,
    as_of: i64,
    computed_at: i64,
    kind: String,
    severity: f64,
    sentence: String,
    detail: String,
});
table!(actor_search, "actor_search", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i64,
    actor: Uuid,
    words: String,
});
table!(api_token, "api_token", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    account: Uuid,
    name: String,
    scopes: String,
    last_used: Option<i64>,
    expires: i64,
});
table!(idempotency, "idempotency", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    route: String,
    status: i64,
    body: String,
});
table!(said_person, "said_person", {
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    name: String,
    before: Option<String>,
    kind: Option<String>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(said_unit, "said_unit", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    name: String,
    parent: Option<Uuid>,
    account: Option<Uuid>,
});
table!(said_place, "said_place", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    address: i64,
    unit: Uuid,
    title: Option<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(said_tie, "said_tie", {
    #[sea_orm(primary_key, auto_increment = false)]
    a: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    b: i64,
    account: Option<Uuid>,
});
table!(rhythm, "rhythm", {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    days: i64,
});
table!(shared_view, "shared_view", {
    #[sea_orm(primary_key, auto_increment = false)]
    view: Uuid,
});
table!(bulk_edit, "bulk_edit", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    what: String,
    detail: String,
    undone_at: Option<i64>,
});
table!(bulk_person, "bulk_person", {
    #[sea_orm(primary_key, auto_increment = false)]
    bulk: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    address: i64,
    place: Option<Uuid>,
});

mod conflicts;
mod decisions;
mod okr;
mod roles;
mod room;
pub(crate) use conflicts::*;
pub(crate) use decisions::*;
pub(crate) use okr::*;
pub(crate) use roles::*;
pub(crate) use room::*;
mod stakes;
pub(crate) use stakes::*;
mod shares;
pub(crate) use shares::*;
mod challenges;
mod initiatives;
mod pacts;
mod talk;
pub(crate) use challenges::*;
pub(crate) use initiatives::*;
pub(crate) use pacts::*;
pub(crate) use talk::*;
