//! Tables of what parties share.

table!(resource, "resource", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    party: Uuid,
    direction: String,
    kind: String,
    title: String,
    amount: Option<i64>,
    unit: String,
    conditions: String,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
    removed_at: Option<i64>,
});
table!(booking, "booking", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    resource: Uuid,
    party: Uuid,
    seat: Option<Uuid>,
    from_ms: i64,
    to_ms: i64,
    amount: i64,
    purpose: String,
    returned_at: Option<i64>,
    condition: String,
    cancelled_at: Option<i64>,
    thanks: String,
    thanked_at: Option<i64>,
    account: Option<Uuid>,
    changed_at: i64,
    version: i64,
});
table!(expertise, "expertise", {
    #[sea_orm(primary_key, auto_increment = false)]
    seat: Uuid,
    partnership: Uuid,
    about: String,
    tags: String,
    changed_at: i64,
    version: i64,
});
table!(help, "help", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    asker: Uuid,
    asked: Uuid,
    question: String,
    answer: String,
    answered_at: Option<i64>,
    version: i64,
});
table!(gift, "gift", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    giver: Uuid,
    receiver: Uuid,
    kind: String,
    text: String,
    amount: Option<i64>,
    unit: String,
    day: i64,
    booking: Option<Uuid>,
    answer: String,
    question: String,
    answered_at: Option<i64>,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
