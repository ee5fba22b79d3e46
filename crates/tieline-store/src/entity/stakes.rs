//! Tables of stakeholders.

table!(stakeholder, "stakeholder", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Option<Uuid>,
    organisation: Option<Uuid>,
    address: Option<i64>,
    unit: Option<Uuid>,
    name: String,
    about: String,
    wants: String,
    side: Option<String>,
    power: Option<bool>,
    legitimacy: Option<bool>,
    urgency: Option<bool>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(stakeholder_placement, "stakeholder_placement", {
    #[sea_orm(primary_key, auto_increment = false)]
    stakeholder: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    power: f64,
    interest: f64,
    why: String,
    at: i64,
});
table!(stakeholder_stance, "stakeholder_stance", {
    #[sea_orm(primary_key, auto_increment = false)]
    stakeholder: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    now: String,
    wanted: Option<String>,
    wanted_by: Option<i64>,
    reassess: Option<i64>,
    evidence: String,
    at: i64,
    account: Option<Uuid>,
});
table!(stakeholder_step, "stakeholder_step", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    stakeholder: Uuid,
    text: String,
    due: Option<i64>,
    done_at: Option<i64>,
    removed_at: Option<i64>,
    account: Option<Uuid>,
});
table!(stakeholder_influence, "stakeholder_influence", {
    #[sea_orm(primary_key, auto_increment = false)]
    source: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    target: Uuid,
    strength: String,
    note: String,
    account: Option<Uuid>,
});
