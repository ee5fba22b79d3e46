//! Tables of conflict cases.

table!(conflict_case, "conflict_case", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    title: String,
    about: String,
    stage: String,
    mediator: Option<i64>,
    agreement: String,
    learnt: String,
    agreed_at: Option<i64>,
    closed_at: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(conflict_side, "conflict_side", {
    #[sea_orm(primary_key, auto_increment = false)]
    conflict: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    party: Uuid,
    view: String,
    position: String,
    restated: String,
    restated_by: Option<Uuid>,
    understood: bool,
    accepts: bool,
    settled: bool,
    mediator_ok: bool,
    version: i64,
});
table!(conflict_point, "conflict_point", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    conflict: Uuid,
    kind: String,
    party: Option<Uuid>,
    topic: String,
    text: String,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(conflict_worth, "conflict_worth", {
    #[sea_orm(primary_key, auto_increment = false)]
    conflict: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    party: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    point: Uuid,
    worth: i64,
});
table!(conflict_action, "conflict_action", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    conflict: Uuid,
    party: Uuid,
    seat: Option<Uuid>,
    text: String,
    due: i64,
    commitment: Option<Uuid>,
});
table!(conflict_step, "conflict_step", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    conflict: Uuid,
    stage: String,
});
table!(conflict_lesson, "conflict_lesson", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    text: String,
});
