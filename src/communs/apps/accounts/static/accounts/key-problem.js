/* Say on the page, not in the console, when a passkey or security key could not be read. */
document.addEventListener('allauth.error', function (event) {
  const problem = document.getElementById('key-problem')
  if (!problem) return
  event.preventDefault()
  problem.hidden = false
})
