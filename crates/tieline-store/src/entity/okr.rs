//! Tables of objectives.

table!(objective, "objective", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    party: Option<Uuid>,
    parent: Option<Uuid>,
    aim: Option<Uuid>,
    title: String,
    why: String,
    begins: Option<i64>,
    ends: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(key_result, "key_result", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    objective: Uuid,
    metric: String,
    unit: String,
    baseline: f64,
    target: f64,
    weight: f64,
    due: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(check_in, "check_in", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    key_result: Uuid,
    value: f64,
    confidence: String,
    line: String,
    at: i64,
    account: Option<Uuid>,
    removed_at: Option<i64>,
});
table!(objective_link, "objective_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    one: Uuid,
    other: Uuid,
    kind: String,
    state: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
