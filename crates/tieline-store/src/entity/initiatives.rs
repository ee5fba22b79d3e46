//! Tables of joint initiatives.

table!(initiative, "initiative", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    objective: Option<Uuid>,
    title: String,
    text: String,
    begins: Option<i64>,
    ends: Option<i64>,
    ended: Option<String>,
    ended_at: Option<i64>,
    learnt: String,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(initiative_part, "initiative_part", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    initiative: Uuid,
    party: Uuid,
    text: String,
    amount: Option<i64>,
    unit: String,
    version: i64,
    removed_at: Option<i64>,
});
table!(contribution, "contribution", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    part: Uuid,
    amount: Option<i64>,
    text: String,
    day: i64,
    answer: String,
    question: String,
    party: Option<Uuid>,
    answered_at: Option<i64>,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(initiative_task, "initiative_task", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    initiative: Uuid,
    title: String,
    party: Option<Uuid>,
    seat: Option<Uuid>,
    days: i64,
    due: Option<i64>,
    commitment: Option<Uuid>,
    begun_at: Option<i64>,
    done_at: Option<i64>,
    version: i64,
    removed_at: Option<i64>,
});
table!(task_need, "task_need", {
    #[sea_orm(primary_key, auto_increment = false)]
    task: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    needs: Uuid,
});
table!(initiative_risk, "initiative_risk", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    initiative: Uuid,
    text: String,
    likelihood: i64,
    impact: i64,
    answer: String,
    party: Option<Uuid>,
    state: String,
    version: i64,
    removed_at: Option<i64>,
});
