//! Tables of partnerships.

table!(partnership, "partnership", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    about: String,
    stage: String,
    reason: String,
    renewal: Option<String>,
    begins: Option<i64>,
    ends: Option<i64>,
    notice: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(party, "party", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    unit: Option<Uuid>,
    name: String,
    version: i64,
    removed_at: Option<i64>,
});
table!(partnership_member, "partnership_member", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    party: Uuid,
    address: i64,
    duty: String,
    since: i64,
    until: Option<i64>,
    account: Option<Uuid>,
    version: i64,
});
table!(party_side, "party_side", {
    #[sea_orm(primary_key, auto_increment = false)]
    party: Uuid,
    benefits: String,
    costs: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(aim, "aim", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    unit: Uuid,
    text: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(partnership_aim, "partnership_aim", {
    #[sea_orm(primary_key, auto_increment = false)]
    partnership: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    aim: Uuid,
    account: Option<Uuid>,
});
table!(stage_answer, "stage_answer", {
    #[sea_orm(primary_key, auto_increment = false)]
    partnership: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    question: String,
    answer: String,
    note: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(charter_version, "charter_version", {
    #[sea_orm(primary_key, auto_increment = false)]
    partnership: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    at: i64,
    account: Option<Uuid>,
});
table!(charter_text, "charter_text", {
    #[sea_orm(primary_key, auto_increment = false)]
    partnership: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    section: String,
    text: String,
});
table!(charter_answer, "charter_answer", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    number: i64,
    party: Uuid,
    answer: String,
    note: String,
    at: i64,
    account: Option<Uuid>,
});
table!(charter_comment, "charter_comment", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    number: i64,
    section: Option<String>,
    party: Option<Uuid>,
    text: String,
    removed_at: Option<i64>,
    account: Option<Uuid>,
});
table!(guest_link, "guest_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    seat: Uuid,
    expires_at: i64,
    used_at: Option<i64>,
    account: Option<Uuid>,
});
table!(guest_session, "guest_session", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    seat: Uuid,
    expires_at: i64,
    time_zone: String,
});
table!(commitment, "commitment", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    party: Uuid,
    to_party: Option<Uuid>,
    seat: Option<Uuid>,
    text: String,
    source: String,
    due: Option<i64>,
    ended: Option<String>,
    ended_at: Option<i64>,
    follows: Option<Uuid>,
    asked_party: Option<Uuid>,
    asked_due: Option<i64>,
    asked_note: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(by_seat, "by_seat", {
    #[sea_orm(primary_key, auto_increment = false)]
    thing: Uuid,
    seat: Uuid,
});
