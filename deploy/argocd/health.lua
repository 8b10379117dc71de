-- How Argo CD tells the health of OneFlow's resources. In the ConfigMap argocd-cm, with this text as the script:
--
--   resource.customizations: |
--     "oneflow.ai/*":
--       health.lua: |
--         …
local health = {status = "Progressing", message = "The operator has not looked at it yet."}
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  health.message = "The operator has not looked at the newest generation yet."
  return health
end
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    health.message = condition.message
    if condition.status == "True" then
      health.status = "Healthy"
    end
  end
end
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Stalled" and condition.status == "True" then
    health.status = "Degraded"
    health.message = condition.message
  end
end
if obj.spec ~= nil and obj.spec.suspended == true and health.status == "Healthy" then
  health.status = "Suspended"
end
return health
